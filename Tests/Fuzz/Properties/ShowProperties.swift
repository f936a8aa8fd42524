import GPUSessions

/// That `show` prints what is published: as JSON the same facts, as a table nothing that a terminal would obey.
func checkShow(_ samples: [ExpositionReader.Sample], _ node: RecordedNode, _ findings: inout Findings) {
  let json = Run(["show", "--json"], on: node)
  guard let object = decodeJSON(ShownObject.self, from: json.output) else {
    return findings.require(false, "show --json prints the object that is documented")
  }
  let rows = PublishedRows(samples)
  findings.require(
    sorted(object.sessions.map(\.facts)) == sorted(rows.processes.map(facts)), "sessions are the same in JSON")
  findings.require(
    object.devices.reduce(0) { $0 + Int($1.sessions ?? 0) } == Int(rows["gpu_total_sessions"].first?.value ?? 0),
    "devices have the same sessions in JSON")
  findings.require(
    object.allocations.reduce(0) { $0 + $1.replicas }
      == rows["gpu_allocation_info"].reduce(0) { $0 + $1.value }, "allocations are the same in JSON")
  let problems = rows["gpu_session_collector_problems"].filter { $0.value > 0 }
  findings.require(
    object.problems.map { "\($0.kind) \($0.count)" } == problems.map { "\($0.labels["kind"] ?? "") \($0.value)" },
    "problems are the same in JSON")
  let success = rows["gpu_session_collector_success"].first?.value
  findings.require(object.collector.success == (success == 1), "success is the same in JSON")
  checkTable(Run(["show"], on: node).output, &findings)
}

func checkTable(_ output: [UInt8], _ findings: inout Findings) {
  guard let text = String(validating: output, as: UTF8.self) else {
    return findings.require(false, "a table is UTF-8")
  }
  var isFoot = false
  for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
    isFoot = isFoot || line == "Problems"
    findings.require(isPrintable(line), "a table has no control characters")
    findings.require(isFoot || line.columns <= 1000, "a line of a table has an end")
    findings.require(!line.hasSuffix(" "), "a line does not end in blanks")
  }
}

/// What both forms say of one process; what is not known is empty.
private func facts(_ sample: ExpositionReader.Sample) -> [String] {
  let names = [
    "gpu", "pid", "command", "pod", "namespace", "container", "status", "uuid", "type", "pod_uid", "user", "unit",
    "slurm_job_id", "gpu_memory",
  ]
  return names.map { sample.labels[$0] ?? "" }
}

private func sorted(_ facts: [[String]]) -> [[[UInt8]]] {
  facts.map { $0.map { Array($0.utf8) } }.sorted { left, right in
    Array(left.joined(separator: [0])).lexicographicallyPrecedes(Array(right.joined(separator: [0])))
  }
}

/// The object of `show --json`, its members spelled as there.
private struct ShownObject: Decodable {
  struct Session: Decodable {
    var gpu: String
    var pid: Int32
    var command: String?
    var pod: String?
    var namespace: String?
    var container: String?
    var status: String
    var uuid: String?
    var type: String?
    var pod_uid: String?
    var user: String?
    var unit: String?
    var slurm_job_id: String?
    var memory_bytes: Double?

    var facts: [String] {
      [gpu, "\(pid)"] + [command, pod, namespace, container].map { $0 ?? "" } + [status]
        + [uuid, type, pod_uid, user, unit, slurm_job_id].map { $0 ?? "" }
        + [memory_bytes.map { "\(Int($0 / 1_048_576))MiB" } ?? ""]
    }
  }

  struct Device: Decodable { var sessions: Double? }
  struct Allocation: Decodable { var replicas: Double }
  struct Problem: Decodable {
    var kind: String
    var count: Double
  }
  struct Health: Decodable { var success: Bool }

  var devices: [Device]
  var sessions: [Session]
  var allocations: [Allocation]
  var problems: [Problem]
  var collector: Health
}
