import GPUSessions

/// What nvidia-smi prints as lines.
let smiTargets = [
  FuzzTarget("gpus", checkGPUs), FuzzTarget("apps", checkApps), FuzzTarget("pmon", checkPmon),
  FuzzTarget("list", checkList), FuzzTarget("dmon", checkMIGUtilization), FuzzTarget("table", checkSMITable),
  FuzzTarget("tablerows", checkTableRows),
]

private func checkGPUs(_ input: [UInt8], _ findings: inout Findings) {
  let complaints = input.split(separator: UInt8(ascii: "\n")).compactMap { SMIDiagnostic($0) }
  let ended = ChildOutcome(end: .exited(1), standardOutput: input)
  checkWords([ended.reason(withoutListOf: GPUList.requiredFields)], &findings)
  let rows = rows(input, below: GPUList.requiredFields)
  guard let query = GPUList(input, complaints: complaints) else {
    return findings.require(rows == nil, "a GPU list with a header is a GPU list")
  }
  findings.require(
    query.gpus.count + query.malformedRows == rows?.count, "each row is a GPU or counted as malformed")
  let (indexes, uuids) = (query.gpus.map(\.index), query.gpus.map(\.uuid).filter { !$0.isEmpty })
  findings.require(indexes == Set(indexes).sorted(), "indexes are sorted and each is there once")
  findings.require(indexes.allSatisfy { $0 >= 0 }, "an index is not negative")
  findings.require(!hasDuplicates(uuids), "a UUID is there once")
  findings.require(
    query.gpus.allSatisfy { $0.uuid.isEmpty ? !$0.isReadable : isUUIDOfGPU($0.uuid) },
    "a GPU without a UUID is not readable")
  for gpu in query.gpus { checkReadings(of: gpu, &findings) }
  checkWords(query.gpus.map(\.complaint) + query.lostGPUs.map(\.complaint), &findings)
  for lost in query.lostGPUs {
    findings.require(lost.index != nil || !lost.busID.isEmpty, "a lost GPU has a name")
    findings.require(!query.gpus.contains { lost.isSame(as: $0) }, "a GPU with a row is not lost too")
  }
  findings.require(
    !hasDuplicates(query.lostGPUs.map { "\($0.index ?? -1) \($0.busID)" }), "a lost GPU is there once")
}

/// Whether it begins with `GPU-`, or has the groups of a UUID.
private func isUUIDOfGPU(_ text: String) -> Bool {
  text.utf8.starts(with: "GPU-".utf8)
    || text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(\.count) == [
      8, 4, 4, 4, 12,
    ]
}

/// What sentences quote of nvidia-smi is at most a line, and short.
private func checkWords(_ words: [String?], _ findings: inout Findings) {
  for words in words.compactMap(\.self) {
    findings.require((1...203).contains(words.utf8.count), "nvidia-smi's own words are cut")
    findings.require(!words.utf8.contains(UInt8(ascii: "\n")), "nvidia-smi's own words are one line")
  }
}

private func checkReadings(of gpu: GPU, _ findings: inout Findings) {
  findings.require((0...100).contains(gpu.utilization ?? 0), "utilization is a percentage")
  let readings = [gpu.temperatureCelsius, gpu.powerWatts, gpu.powerLimitWatts].compactMap(\.self)
  findings.require(readings.allSatisfy(\.isFinite), "a reading is a number")
  findings.require(!gpu.driverVersion.utf8.contains(UInt8(ascii: " ")), "a version has no blank")
}

private func checkApps(_ input: [UInt8], _ findings: inout Findings) {
  let rows = rows(input, below: ProcessList.requiredFields)
  guard let apps = ProcessList(input) else {
    return findings.require(rows == nil, "a process list with a header is a process list")
  }
  let counted = apps.processes.count + apps.malformedRows.count + apps.unsupportedGPUs.count
  let most = rows?.count ?? 0
  findings.require(
    apps.unreadableGPUs.isEmpty ? counted == most : counted + apps.unreadableGPUs.count <= most,
    "each row is a process, or counted as malformed, or costs its GPU")
  findings.require(
    apps.unreadableGPUs.values.allSatisfy { $0 == .forbidden || $0 == .unknown }, "a row tells no other reason")
  checkWords(apps.complaints.values.map(\.self), &findings)
  findings.require(apps.processes.allSatisfy { $0.pid > 0 }, "PIDs are what they must be")
  let uuids = apps.processes.map(\.gpuUUID) + apps.unreadableGPUs.keys
  findings.require(
    uuids.allSatisfy { isUUIDOfGPU($0) || $0.utf8.starts(with: "MIG-".utf8) },
    "a GPU is named by its UUID")
  for process in apps.processes {
    findings.require(occurs("\(process.pid)".utf8, in: input), "a PID is as printed")
  }
}

private func checkPmon(_ input: [UInt8], _ findings: inout Findings) {
  let lines = contentLines(input)
  let header = lines.firstIndex { line in
    let words = line.dropFirst().split { isBlank($0) }
    return line.first == UInt8(ascii: "#") && words.first?.elementsEqual("gpu".utf8) ?? false
  }
  guard let pmon = Pmon(input) else {
    return findings.require(header == nil, "an output with a header is an output of pmon")
  }
  let rows = lines[((header ?? -1) + 1)...].filter { $0.first != UInt8(ascii: "#") }
  let idle = rows.count - pmon.rows.count - pmon.malformedRows - pmon.duplicateRows
  findings.require(header != nil && idle >= 0, "no row counts twice")
  findings.require(
    pmon.rows.keys.allSatisfy { $0.pid > 0 && $0.gpu >= 0 && pmon.coveredGPUs.contains($0.gpu) },
    "PIDs and GPUs are what they must be")
  let isSilent = pmon.rows.isEmpty && pmon.coveredGPUs.isEmpty && pmon.malformedRows == 0
  findings.require(rows.isEmpty || !isSilent, "no row is lost")
  findings.require(
    idle == 0 || pmon.coveredGPUs.count + pmon.duplicateRows > 0, "an idle row covers its GPU")
  for row in pmon.rows.values {
    let use = row.utilization
    let shares = [use.sm, use.memoryBandwidth, use.encoder, use.decoder].compactMap(\.self)
    findings.require(shares.allSatisfy((0...100).contains), "utilization is a percentage")
    findings.require(row.type?.isEmpty != true, "a type is there or not")
  }
  var twice = pmon
  twice.merge(pmon)
  findings.require(twice.rows == pmon.rows && twice.coveredGPUs == pmon.coveredGPUs, "the same again adds nothing")
}

private func checkList(_ input: [UInt8], _ findings: inout Findings) {
  let list = InstanceList(input)
  for entry in list.entries {
    findings.require(isUUIDOfGPU(entry.gpuUUID), "an instance is on a GPU with a UUID")
    findings.require(entry.uuid.utf8.starts(with: "MIG-".utf8), "an instance is named by its UUID")
    findings.require(entry.deviceIndex >= 0, "an index is not negative")
    checkProfile(entry.profile, &findings)
  }
  // Printed as nvidia-smi would, it reads as the same.
  let gpus = Set(list.entries.map(\.gpuUUID)).sorted()
  var printed = ""
  for uuid in gpus {
    printed += "GPU 0: NVIDIA (UUID: \(uuid))\n"
    for entry in list.entries(ofGPU: uuid) {
      printed += "  MIG \(entry.profile?.name ?? "?")  Device  \(entry.deviceIndex): (UUID: \(entry.uuid))\n"
    }
  }
  let again = InstanceList(Array(printed.utf8))
  findings.require(again.entries.count == list.entries.count, "as many instances are read again")
  for uuid in gpus {
    findings.require(
      again.entries(ofGPU: uuid) == list.entries(ofGPU: uuid), "instances printed again are the same")
  }
}

private func checkMIGUtilization(_ input: [UInt8], _ findings: inout Findings) {
  guard let answer = MIGUtilization(input) else { return }
  let lines = contentLines(input).filter { $0.first != UInt8(ascii: "#") }
  findings.require(answer.rows.count + answer.malformedRows <= lines.count, "no row counts twice")
  for (device, use) in answer.rows {
    let figures = [use.engine, use.sm, use.memoryBandwidth].compactMap(\.self)
    findings.require(!figures.isEmpty && figures.allSatisfy((0...100).contains), "figures are percentages")
    findings.require(device.gpu >= 0 && device.instance != nil, "a row is an instance's")
  }
  // What stands before the header is read by it only if the same comes again.
  let header = contentLines(input).first.flatMap { MIGUtilization(Array($0)) }
  if header == nil { return }
  // The last row with figures counts.
  let twice = MIGUtilization(input + [UInt8(ascii: "\n")] + input)
  findings.require(twice?.rows == answer.rows, "the same again adds nothing")
}

/// Also for profiles that stand elsewhere.
func checkProfile(_ profile: MIGProfile?, _ findings: inout Findings) {
  guard let profile else { return }
  findings.require((1...8).contains(profile.gpuInstanceSlices), "a GPU instance has slices")
  findings.require(
    (1...profile.gpuInstanceSlices).contains(profile.computeSlices), "a compute instance has a part of them")
  findings.require(!profile.gpuInstanceName.isEmpty, "a profile has a name")
}
