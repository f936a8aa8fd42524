import GPUSessions
import Testing

extension FakeHost {
  static let textfiles = "/var/lib/node_exporter/textfile_collector"
  static let published = textfiles + "/gpu_sessions.prom"

  /// A node on which every check passes, MIG too: everything is installed, and the clock says 2027.
  static func installed(_ processes: [FakeProcess] = [FakeProcess(pid: 100, instance: (1, 0))]) -> FakeHost {
    let node = FakeHost.migNode(processes)
    node.boot = 1_800_000_000
    node.addProcess(1, comm: "systemd", start: 1, cgroup: "0::/init.scope\n")
    node.addExporter(["--collector.textfile.directory=" + textfiles])
    node.pids = [1, 900] + processes.map(\.pid)
    node.directories[textfiles] = .names(["gpu_sessions.prom"])
    node.statuses[textfiles] = FileStatus(mode: 0o755, owner: 0)
    node.statuses[published] = FileStatus(mode: 0o644, owner: 0)
    node.publish(secondsAgo: 12)
    node.directories["/sys/fs/cgroup"] = .names(["cgroup.controllers", "init.scope", "kubepods.slice"])
    let uid = String(podUID.map { $0 == "-" ? "_" : $0 })
    node.directories["/sys/fs/cgroup/kubepods.slice"] = .names(["kubepods-pod\(uid).slice"])
    node.setCheckpoint("\"\(FakeGPU(index: 1).uuid)\"")
    node.setMounts("29 1 8:2 / / rw shared:1 - ext4 /dev/sda2 rw\n")
    return node
  }

  /// What `/proc` lists.
  var pids: [Int32] {
    get { [] }
    set { directories["/proc"] = .names(newValue.map(String.init) + ["self", "stat", "0", "-1"]) }
  }

  func addExporter(_ arguments: [String], pid: Int32 = 900, comm: String = "node_exporter", uid: Int = 997) {
    addProcess(pid, comm: comm, cgroup: "0::/system.slice/node_exporter.service\n")
    write("/proc/\(pid)/cmdline", (["/usr/bin/" + comm] + arguments).map { $0 + "\0" }.joined())
    write("/proc/\(pid)/status", "Name:\t\(comm)\nUid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)\n")
  }

  /// A whole file of a run that read everything.
  func publish(secondsAgo age: Int64, success: Int = 1, more: String = "") {
    let moment = boot + now / Nanoseconds.perSecond - age
    write(
      FakeHost.published,
      "gpu_session_collector_last_run_timestamp_seconds{site=\"a\"} \(moment).25\n"
        + "gpu_session_collector_success \(success)\n" + more)
  }

  /// The kubelet has handed these to a container of the one pod.
  func setCheckpoint(_ ids: String, boot: String = "") {
    write(
      "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint",
      #"{"Data":{"PodDeviceEntries":[{"PodUID":"\#(FakeHost.podUID)","ContainerName":"main","#
        + #""ResourceName":"nvidia.com/gpu","DeviceIDs":[\#(ids)]}]},"BootID":"\#(boot)"}"#)
  }

  func setMounts(_ table: String) { write("/proc/self/mountinfo", table) }

  /// What the check of that name finds if no other check has run before.
  func finding(_ name: String, _ arguments: String...) throws -> Finding {
    let check = try #require(Check.all.first { $0.name == name })
    guard case .check(let options) = try Command(["check"] + arguments, environment: { _ in nil }) else {
      throw UsageError.unknownCommand("check")
    }
    let context = CheckContext(host: host, options: options)
    return context.run(check).finding
  }
}

extension DirectoryRead<[ArraySlice<UInt8>]> {
  static func names(_ names: [String]) -> DirectoryRead { .entries(names.map { Array($0.utf8)[...] }) }
}

/// Whether it warns or fails of something that the text is a part of, with advice.
func says(_ finding: Finding, _ result: CheckResult, _ part: String, advice: String? = nil) -> Bool {
  let isAdvised = result == .warn || result == .fail ? finding.advice?.isEmpty == false : finding.advice == nil
  return finding.result == result && finding.seen.contains(part) && isAdvised
    && (advice.map { finding.advice?.contains($0) == true } ?? true)
}
