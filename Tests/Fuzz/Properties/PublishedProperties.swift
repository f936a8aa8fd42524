import GPUSessions

/// A page of metrics of any form: `show --from` prints it or says why not, and a line costs itself only.
let publishedTarget = FuzzTarget("published") { input, findings in
  let node = RecordedNode([])
  let table = Run(["show", "--from", "-"], on: node, page: input)
  checkDiagnostics(table.errors, &findings)
  checkTable(table.output, &findings)
  findings.require([.success, .failure].contains(table.status), "a page is shown or is not")
  let object = Run(["show", "--from", "-", "--json"], on: node, page: input)
  findings.require(object.status == table.status, "table and object have one exit status")
  guard !object.output.isEmpty else {
    return findings.require(
      table.output.isEmpty && table.status == .failure, "a page is shown in both forms or in none")
  }
  guard let lines = decodeJSON(Lines.self, from: object.output)?.unreadable_lines else {
    return findings.require(false, "show --from --json prints an object")
  }
  let worse = input + Array("\ngpu_info{\n".utf8)
  let again = Run(["show", "--from", "-", "--json"], on: node, page: worse)
  findings.require(
    decodeJSON(Lines.self, from: again.output)?.unreadable_lines == lines + 1, "a bad line is counted once")
  findings.require(
    Run(["show", "--from", "-"], on: node, page: worse).output == table.output, "a bad line costs itself only")
}

/// The object's count, its member spelled as there.
private struct Lines: Decodable { var unreadable_lines: Double }

/// That `show --from` reads what was published as `show` has it on the node itself, as far as the file says it.
///
/// The file does not say the ID of a container and its runtime, nor nvidia-smi's words for a failure.
func checkReadBack(_ file: [UInt8], _ status: ExitStatus, _ node: RecordedNode, _ findings: inout Findings) {
  let back = Run(["show", "--from", "-", "--json"], on: node, page: file)
  checkDiagnostics(back.errors, &findings)
  findings.require(back.status == status, "what was published is shown with the exit status of the run")
  let own = Run(["show", "--json"], on: node)
  guard let read = decodeJSON(Shown.self, from: back.output), let shown = decodeJSON(Shown.self, from: own.output)
  else { return findings.require(false, "both print the object that is documented") }
  findings.require(read.devices == shown.devices, "devices read back as shown on the node")
  findings.require(read.sessions == shown.sessions, "sessions read back as shown on the node")
  findings.require(
    read.allocations.sorted { $0.text < $1.text } == shown.allocations.sorted { $0.text < $1.text },
    "allocations read back as shown on the node")
  findings.require(
    read.problems.map { "\($0.kind) \($0.count)" } == shown.problems.map { "\($0.kind) \($0.count)" },
    "problems read back as shown on the node")
  findings.require(read.collector == shown.collector, "the run reads back as shown on the node")
  checkTable(Run(["show", "--from", "-"], on: node, page: file).output, &findings)
}

/// The object of `show --json` as far as it is published, its members spelled as there.
private struct Shown: Decodable {
  struct Device: Decodable, Equatable {
    var gpu, uuid, name, gpu_uuid, pci_bus_id, profile, compute_mode, recovery_action: String?
    var memory_total_bytes, memory_used_bytes, utilization, sm_utilization, sessions: Double?
    var memory_bandwidth_utilization: Double?
    var clocks_idle: Bool?
    var status: String
  }

  struct Session: Decodable, Equatable {
    var gpu: String
    var pid: Int32
    var uuid, command, type, pod, namespace, container, pod_uid, user, unit, slurm_job_id: String?
    var status: String
    var memory_bytes, utilization, memory_utilization, start_time: Double?
  }

  struct Allocation: Decodable, Equatable {
    var gpu: String
    var uuid, resource, pod, namespace, container: String?
    var pod_uid: String
    var replicas: Double

    var text: String {
      [gpu, uuid, resource, pod, namespace, container, pod_uid].map { $0 ?? "" }.joined(separator: "\n")
    }
  }

  struct Problem: Decodable {
    var kind: String
    var count: Double
  }

  struct Stage: Decodable, Equatable {
    var stage: String
    var success: Bool
    var duration_seconds: Double
  }

  struct Health: Decodable, Equatable {
    var success: Bool
    var version: String
    var last_run_timestamp_seconds: Double
    var stages: [Stage]
  }

  var devices: [Device]
  var sessions: [Session]
  var allocations: [Allocation]
  var problems: [Problem]
  var collector: Health
}
