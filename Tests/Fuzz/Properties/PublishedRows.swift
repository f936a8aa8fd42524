import GPUSessions

/// The samples of one file by what they are about.
struct PublishedRows {
  typealias Sample = ExpositionReader.Sample

  private let byFamily: [String: [Sample]]

  init(_ samples: [Sample]) { byFamily = Dictionary(grouping: samples, by: \.name) }

  subscript(family: String) -> [Sample] { byFamily[family] ?? [] }

  /// Sessions and the MPS server, without the idle rows.
  var processes: [Sample] { self["gpu_process_info"].filter { $0.labels["status"] != "idle" } }

  func problem(_ problem: Problem) -> Int {
    Int(self["gpu_session_collector_problems"].first { $0.labels["kind"] == problem.rawValue }?.value ?? 0)
  }
}

/// That nothing nvidia-smi listed is lost, and nothing is there that it did not list.
func checkRows(
  _ rows: PublishedRows, _ node: RecordedNode, _ status: ExitStatus, _ findings: inout Findings
) {
  guard status == .success else { return }
  checkCounts(rows, node, &findings)
  checkIdle(rows, node, &findings)
  if let output = node.output("query-gpu"), let query = GPUList(output, complaints: []) {
    findings.require(rows["gpu_info"].count == query.gpus.count, "each GPU of the list is published")
    findings.require(rows.problem(.deviceRowMalformed) == query.malformedRows, "malformed rows of GPUs are counted")
  }
  guard let output = node.output("query-compute-apps"), let apps = ProcessList(output) else { return }
  let listed = Set(apps.processes.map(\.pid))
  for row in rows.processes {
    findings.require(
      row.labels["pid"].flatMap { Int32($0) }.map(listed.contains) ?? false, "no session is invented")
  }
  findings.require(rows.problem(.processRowMalformed) >= apps.malformedRows.count, "malformed rows are counted")
  let lost = apps.processes.filter { !isThere($0, rows) }
  let unknown = lost.count { process in
    !rows["gpu_info"].contains { isText($0.labels["uuid"], process.gpuUUID) }
  }
  findings.require(unknown == rows.problem(.processRowUnknownGPU), "processes of unknown GPUs are counted")
  findings.require(
    Set(lost.map { "\($0.gpuUUID) \($0.pid)" }).count - unknown <= rows.problem(.migUnplaced),
    "each process is a session or counted")
}

/// Whether the process is a session, or on a GPU that is said not to be readable.
private func isThere(_ process: ListedProcess, _ rows: PublishedRows) -> Bool {
  guard let gpu = rows["gpu_info"].first(where: { isText($0.labels["uuid"], process.gpuUUID) }),
    let index = gpu.labels["gpu"]
  else { return false }
  let readable = rows["gpu_device_readable"].first {
    $0.labels["gpu"] == index && $0.labels["uuid"] == gpu.labels["uuid"]
  }
  if readable?.value == 0 { return true }
  return rows.processes.contains { row in
    let device = row.labels["gpu"] ?? ""
    return row.labels["pid"] == "\(process.pid)"
      && (gpu.labels["mig_mode"] == "Enabled" ? device.hasPrefix(index + "_") : device == index)
  }
}

private func isText(_ text: String?, _ other: String) -> Bool { text?.utf8.elementsEqual(other.utf8) ?? false }

/// The figures about devices agree with the rows of processes.
private func checkCounts(_ rows: PublishedRows, _ node: RecordedNode, _ findings: inout Findings) {
  let atWork = node.answersAlike ? gpusWithGraphicsWork(rows, node) : nil
  let info = Dictionary(grouping: rows["gpu_process_info"]) { $0.labels["gpu"] ?? "" }
  var total = 0.0
  var read: Set<String> = []
  for count in rows["gpu_session_count"] {
    let device = count.labels["gpu"] ?? ""
    read.insert(device)
    total += count.value
    let active = (info[device] ?? []).count { $0.labels["status"] == "active" }
    let idle = (info[device] ?? []).count { $0.labels["status"] == "idle" }
    findings.require(Double(active) == count.value, "sessions of a device are counted")
    let isIdle = active == 0 && !(atWork?.contains(device.prefix { $0 != "_" }.description) ?? (idle == 0))
    findings.require(
      idle == (isIdle ? 1 : 0), "a device without sessions has its idle row, unless graphics are at work")
  }
  findings.require(rows["gpu_total_sessions"].map(\.value) == [total], "the total is the sum")
  let doubts: [Problem] = [
    .processUnlisted, .migUnplaced, .migModeUnknown, .processRowMalformed, .processRowUnsupported,
    .processTableRowMalformed, .pmonRowMalformed,
  ]
  findings.require(
    read.isSuperset(of: info.keys) || doubts.contains { rows.problem($0) > 0 },
    "a device without a count may have one process more")
  findings.require(
    info.allSatisfy { device, rows in
      read.contains(device) || rows.allSatisfy { $0.labels["status"] == "mps_server" }
    }, "a device without a count has neither sessions nor an idle row")
  let processes = Set(rows.processes.map(identity))
  for name in catalogue.map(\.name) where name.hasPrefix("gpu_process_") && name != "gpu_process_info" {
    findings.require(
      rows[name].allSatisfy { processes.contains(identity($0)) }, "\(name) is about a process that is listed")
  }
}

/// The GPUs with a process that only draws, that the list does not have, and that pmon has at work.
private func gpusWithGraphicsWork(_ rows: PublishedRows, _ node: RecordedNode) -> Set<String> {
  guard let pmon = node.output("pmon").flatMap({ Pmon($0) }) else { return [] }
  let table = Dictionary(
    grouping: node.output("table").flatMap { SMITable($0).processes } ?? [], by: \.key)
  let listed = node.output("query-compute-apps").flatMap { ProcessList($0) }?.processes ?? []
  let keys = Set(
    listed.compactMap { process in
      rows["gpu_info"].first { isText($0.labels["uuid"], process.gpuUUID) }
        .flatMap { $0.labels["gpu"].flatMap { Int($0) } }.map { ProcessKey(gpu: $0, pid: process.pid) }
    })
  let drawing = pmon.rows.filter { key, row in
    let types = table[key]?.map(\.type) ?? [row.type ?? ""]
    return !keys.contains(key) && types.allSatisfy { $0 == "G" } && (row.utilization.sm ?? 0) > 0
  }
  return Set(drawing.keys.map { "\($0.gpu)" })
}

private func identity(_ sample: ExpositionReader.Sample) -> [String?] {
  ["gpu", "pid", "command", "pod", "namespace", "container"].map { sample.labels[$0] }
}
