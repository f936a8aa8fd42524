import GPUSessions

/// Whatever bytes nvidia-smi prints, a GPU for which any answer lists a process has neither an idle row nor a count of 0 unless
/// all are placed.
///
/// The answers are read here a second time, plainly and by lines: whoever is found so must be published on that GPU.
func checkIdle(_ rows: PublishedRows, _ node: RecordedNode, _ findings: inout Findings) {
  let free =
    rows["gpu_process_info"].filter { $0.labels["status"] == "idle" }
    + rows["gpu_session_count"].filter { $0.value == 0 }
  for gpu in rows["gpu_info"] {
    let (index, uuid) = (gpu.labels["gpu"] ?? "", gpu.labels["uuid"] ?? "")
    let isOfGPU = { (sample: PublishedRows.Sample) in isDevice(sample.labels["gpu"] ?? "", ofGPU: index) }
    if !free.contains(where: isOfGPU) { continue }
    let instances = rows["gpu_mig_info"].filter { $0.labels["gpu_uuid"] == uuid }.compactMap { $0.labels["uuid"] }
    let placed = Set(rows.processes.filter(isOfGPU).compactMap { $0.labels["pid"] })
    for (query, pids) in [
      ("the process list", listedPIDs(node, [uuid] + instances)), ("pmon", pmonPIDs(node, index)),
      ("the table", tablePIDs(node, index)),
    ] {
      let missing = pids.filter { !placed.contains($0) }
      findings.require(
        missing.isEmpty, "GPU \(index) has an idle row or a count of 0, and \(query) lists \(missing) there")
    }
  }
}

private func isDevice(_ label: String, ofGPU index: String) -> Bool {
  label == index || label.utf8.starts(with: (index + "_").utf8)
}

/// What the process list has as PIDs in rows of this GPU, and in rows that name no device.
private func listedPIDs(_ node: RecordedNode, _ uuids: [String]) -> [String] {
  guard let output = node.output("query-compute-apps"),
    let below = rows(output, below: ["gpu_uuid", "pid"]), let header = header(output, ["gpu_uuid", "pid"])
  else { return [] }
  let (uuidColumn, pidColumn) = (header.lastIndex(of: "gpu_uuid") ?? 0, header.lastIndex(of: "pid") ?? 0)
  return below.compactMap { line in
    let cells = cells(line).map(\.asText)
    if !cells.contains(where: uuids.contains) && cells.contains(where: isNameOfDevice) { return nil }
    guard cells.count == header.count, uuids.contains(cells[uuidColumn]) else { return line.asText }
    return cells[pidColumn]
  }
}

private func isNameOfDevice(_ cell: String) -> Bool {
  let groups = cell.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(\.count)
  return cell.hasPrefix("GPU-") || cell.hasPrefix("MIG-") || groups == [8, 4, 4, 4, 12]
}

/// The names in the first line that has all of these columns, without units.
private func header(_ output: [UInt8], _ required: [String]) -> [String]? {
  contentLines(output).lazy.map { cells($0).map { Array($0.prefix { $0 != UInt8(ascii: " ") }).asText } }
    .first { names in required.allSatisfy(names.contains) }
}

/// The PIDs in rows of pmon for this GPU that do not say that the process only draws.
private func pmonPIDs(_ node: RecordedNode, _ index: String) -> [String] {
  guard let output = node.output("pmon") else { return [] }
  var columns: [String]?
  var found: [String] = []
  for line in contentLines(output) {
    let words = line.split(whereSeparator: isBlank).map { Array($0).asText }
    if line.first == UInt8(ascii: "#") {
      let names = line.dropFirst().split(whereSeparator: isBlank).map { Array($0).asText }
      if columns == nil, names.first == "gpu" { columns = names }
    } else if let columns, let pid = columns.firstIndex(of: "pid"), let type = columns.firstIndex(of: "type"),
      words.count >= columns.count, line.count > 30, words[0] == index, isPID(words[pid]), words[type] != "G"
    {
      found.append(words[pid])
    }
  }
  return found
}

/// The PIDs in whole rows of the table for this GPU that do not say that the process only draws.
private func tablePIDs(_ node: RecordedNode, _ index: String) -> [String] {
  guard let output = node.output("table") else { return [] }
  var width: Int?
  var hasInstances = false
  var found: [String] = []
  for line in output.split(separator: UInt8(ascii: "\n")) {
    let words = line.split(whereSeparator: isBlank).map { Array($0).asText }
    if width == nil, line.starts(with: "|  GPU ".utf8), isHeader(Array(line)) {
      (width, hasInstances) = (line.count, words.contains("GI"))
    } else if line.count == width, line.last == UInt8(ascii: "|") {
      let pid = hasInstances ? 4 : 2
      guard words.count > pid + 3, words[0] == "|", words[1] == index, isPID(words[pid]),
        words[pid + 1] != "G",
        words[pid + 1].utf8.allSatisfy({ (0x41...0x5A).contains($0) || $0 == UInt8(ascii: "+") })
      else { continue }
      found.append(words[pid])
    }
  }
  return found
}

/// Whether the line names the columns of processes. With another header the table is none that is known.
private func isHeader(_ line: [UInt8]) -> Bool {
  ["Type", " PID ", "Process name"].allSatisfy { occurs($0.utf8, in: line) }
    && ["GPU Memory", "Usage"].contains { occurs($0.utf8, in: line) }
}

private func isPID(_ word: String) -> Bool {
  word.utf8.allSatisfy { (0x30...0x39).contains($0) } && Int32(word).map { $0 > 0 && "\($0)" == word } ?? false
}
