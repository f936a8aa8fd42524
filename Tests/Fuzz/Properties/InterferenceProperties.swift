import GPUSessions

/// Non-interference: what one process chooses changes nothing that is published, but its own label `command`.
///
/// The program runs on a ``SharedNode`` twice: once with ordinary texts of the process A, once with those of the input. Exit
/// status, standard error, every sample and what `show --json` prints are the same. Left out are the label `command` of A,
/// and how often each problem was counted.
///
/// The exceptions that the page SecurityModel names are kept out of the node, and nothing else is:
/// - On a GPU with MIG on, a process whose title is empty or blank has no row in nvidia-smi's table, and so no instance. A
///   has a title there.
/// - A kernel prints no cgroup path of 4,096 bytes or more. That of A is shorter.
/// - `/var/log` names pods and containers that no file of the runtime names. Each pod here has such a file and a process.
/// - Links in `/var/log/containers` beyond 65,536 are not read, and the stage `attribution` has failed. A has fewer.
/// - A process that holds at most 128 MiB can pass for an MPS server. A holds more.
///
/// The input: a byte that chooses the node, then fields that NUL bytes end: title, comm, cgroup below A's container, and
/// pairs of a name and a target. A pair is a link in `/var/log/containers`; without a target, a directory in `/var/log/pods`.
let interferenceTarget = FuzzTarget("interference") { input, findings in
  let shape = SharedNode.Shape(input.first ?? 0)
  let usual = usualViews[Int(shape.rawValue)]
  let chosen = View(SharedNode(shape, ChosenTexts(input.dropFirst())))
  findings.require(usual.status == .success && usual.published.count > 100, "the node itself is read")
  findings.require(chosen.status == usual.status, "a process does not choose the exit status")
  findings.require(chosen.errors == usual.errors, "a process does not choose what is said on standard error")
  requireSame(usual.published, chosen.published, "a process changes no sample", &findings)
  requireSame(usual.shown, chosen.shown, "a process changes nothing in JSON", &findings)
}

/// What is published and shown of each form of the node while A has ordinary texts.
private let usualViews = (0...SharedNode.Shape.all.rawValue).map { View(SharedNode(SharedNode.Shape($0), .usual)) }

/// What is published and shown of a node, without the counts of problems.
private struct View {
  let status: ExitStatus
  let errors: [UInt8]
  /// The lines of the published file.
  let published: [ArraySlice<UInt8>]
  /// The lines of `show --json`.
  let shown: [ArraySlice<UInt8>]

  init(_ node: SharedNode) {
    let recorded = node.recorded
    let run = Run([], on: recorded)
    (status, errors) = (run.status, run.errors)
    published = View.lines(run.file ?? [], without: ["gpu_session_collector_problems{"])
    // The list of problems has lines of its own only if there are any.
    let problems = ["    {\"kind\": ", "  \"problems\": ", "  ],"]
    shown = View.lines(Run(["show", "--json"], on: recorded).output, without: problems)
  }

  private static func lines(_ bytes: [UInt8], without beginnings: [String]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).filter { line in
      !beginnings.contains { line.starts(with: $0.utf8) }
    }
  }
}

/// Notes the first two lines that differ in more than the name of A's program.
private func requireSame(
  _ usual: [ArraySlice<UInt8>], _ chosen: [ArraySlice<UInt8>], _ sentence: String, _ findings: inout Findings
) {
  for (left, right) in zip(usual, chosen) where left != right && withoutCommand(left) != withoutCommand(right) {
    return findings.require(false, "\(sentence): \(Array(left).asText) | \(Array(right).asText)")
  }
  findings.require(usual.count == chosen.count, "\(sentence), and adds none")
}

/// A sample or a session in JSON, if it is one of A, without the label or member `command`.
///
/// Quotes within a text are escaped, so no text passes for the name of a label or member.
private func withoutCommand(_ line: ArraySlice<UInt8>) -> [UInt8] {
  let line = Array(line)
  for (pid, start, end) in [
    ("pid=\"\(SharedNode.pid)\"", "command=\"", "\",pod=\""),
    ("\"pid\": \(SharedNode.pid), ", "\"command\": ", "\"type\": "),
  ] where occurs(pid.utf8, in: line) {
    if let start = position(of: start, in: line), let end = position(of: end, in: line) {
      return Array(line[..<start]) + Array(line[end...])
    }
  }
  return line
}

/// Where the text first occurs; `nil` if it does not.
private func position(of text: String, in line: [UInt8]) -> Int? {
  line.indices.first { line[$0...].starts(with: text.utf8) }
}
