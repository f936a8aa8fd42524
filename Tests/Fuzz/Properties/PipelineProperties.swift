import GPUSessions

/// The whole program on a node of any shape: see ``RecordedNode`` for the form of the input.
let pipelineTarget = FuzzTarget("pipeline") { input, findings in
  let node = RecordedNode(input)
  if !node.arguments.isEmpty { checkArguments(node, &findings) }
  let run = Run([], on: node)
  guard let file = run.file else {
    return findings.require(node.endsEarly, "a run that is not cut short publishes")
  }
  do throws(ExpositionReader.Malformed) {
    let samples = try ExpositionReader(file).samples
    checkSamples(samples, run.status, &findings)
    checkRows(PublishedRows(samples), node, run.status, &findings)
    checkShow(samples, node, &findings)
    checkReadBack(file, run.status, node, &findings)
  } catch {
    findings.require(false, "what was published parses: \(error)")
  }
  checkDiagnostics(run.errors, &findings)
  let again = Run([], on: node, isReversed: true)
  findings.require(again.file == file && again.status == run.status, "the order of a directory does not matter")
}

/// One run of the program and what it wrote.
struct Run {
  let status: ExitStatus
  /// What was published, to a file or to standard output.
  let file: [UInt8]?
  let output: [UInt8]
  let errors: [UInt8]

  init(_ arguments: [String], on node: RecordedNode, isReversed: Bool = false, page: [UInt8] = []) {
    let host = RecordedHost(node, isReversed: isReversed, page: page)
    status = run(arguments, host.host)
    output = host.output[.standardOutput] ?? []
    errors = host.output[.standardError] ?? []
    file = host.published
  }
}

extension RecordedNode {
  /// Whether SIGTERM arrives while nvidia-smi runs.
  fileprivate var endsEarly: Bool {
    answers.contains { $0.key.hasSuffix(".exit") && $0.value.contains { $0.asText.contains("terminated") } }
  }
}

/// Whatever stands on the command line: wrong usage touches nothing, and labels are in every sample.
private func checkArguments(_ node: RecordedNode, _ findings: inout Findings) {
  let run = Run(node.arguments, on: node)
  checkDiagnostics(run.errors, &findings)
  if run.status == .usage {
    return findings.require(run.file == nil && run.output.isEmpty, "wrong usage writes nothing")
  }
  guard let file = run.file else { return }
  do throws(ExpositionReader.Malformed) {
    let samples = try ExpositionReader(file).samples
    let own = ownLabelNames
    let others = samples.map { Set($0.labels.keys).subtracting(own) }
    findings.require(Set(others).count <= 1, "each sample has the same labels that are not ours")
  } catch {
    findings.require(false, "what was published parses: \(error)")
  }
}

/// Lines of ours, and nothing in them that a terminal would obey.
func checkDiagnostics(_ errors: [UInt8], _ findings: inout Findings) {
  guard let text = String(validating: errors, as: UTF8.self) else {
    return findings.require(false, "diagnostics are UTF-8")
  }
  for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
    findings.require(line.starts(with: "gpu-sessions: ".utf8), "each line of diagnostics is one of ours")
    findings.require(isPrintable(String(line) ?? "\u{7F}"), "diagnostics have no control characters")
  }
  findings.require(errors.isEmpty || errors.last == UInt8(ascii: "\n"), "diagnostics end their line")
}

/// What holds of the samples of any file.
private func checkSamples(
  _ samples: [ExpositionReader.Sample], _ status: ExitStatus, _ findings: inout Findings
) {
  let families = Dictionary(uniqueKeysWithValues: catalogue.map { ($0.name, $0) })
  for sample in samples {
    let family = families[sample.name]
    findings.require(
      family.map { Set($0.labels).isSuperset(of: sample.labels.keys) } ?? false, "a sample is in the catalogue")
    findings.require(family?.isAboutCollector == true || status == .success, "a failed run has no data")
    findings.require(isPlausible(sample), "\(sample.name) is not \(sample.value)")
  }
  let success = samples.first { $0.name == "gpu_session_collector_success" }?.value
  findings.require(success == 0 || (success == 1 && status == .success), "a failed run says so")
}

private func isPlausible(_ sample: ExpositionReader.Sample) -> Bool {
  let (name, value) = (sample.name, sample.value)
  if name == "gpu_allocation_info" { return value >= 1 && value == value.rounded() }
  if name == "gpu_session_collector_problems" || name.hasSuffix("_count") || name.hasSuffix("_bytes") {
    return value >= 0 && value == value.rounded()
  }
  if name.hasSuffix("_info") || name.hasSuffix("_defunct") { return value == 1 }
  if name.hasSuffix("_utilization") { return (0...100).contains(value) }
  if name.hasSuffix("_fraction") { return value > 0 && value <= 1 }
  if name.hasSuffix("_success") || name.hasSuffix("_readable") { return value == 0 || value == 1 }
  return name.hasSuffix("_watts") || name.hasSuffix("_celsius") || value >= 0
}
