import GPUSessions
import Testing

@Suite struct AttributionTests {
  private let uuid = FakeGPU(index: 0).uuid

  private func row(_ node: FakeHost) -> String? { FakeRun(node).file.rows("gpu_process_info").first }

  @Test func aProcessHasItsPodAndItsStart() {
    let run = FakeRun(FakeHost.node([FakeProcess(pid: 100)]))
    #expect(run.file.rows("gpu_process_info") == [FakeHost.named(gpu: "0", pid: 100, uuid: uuid)])
    // btime 1700000000 and 5,000 ticks of 1/100 s.
    #expect(run.file.rows("gpu_process_start_time_seconds").first?.hasSuffix("} 1700000050") == true)
    #expect(run.file.stage("attribution") == "1")
  }

  @Test func aProcessThatOnlyTheListHasHasItsOwnerAndTheKernelsName() {
    let node = FakeHost.node([FakeProcess(pid: 100), FakeProcess(pid: 200)])
    node.answers[.pmon] = [.text(FakeProcess.pmon([FakeProcess(pid: 100)]))]
    node.setTables(FakeTable(processes: [FakeProcess(pid: 100)]))
    let run = FakeRun(node)
    let untyped = FakeHost.named(gpu: "0", pid: 200, uuid: uuid, command: "comm").replacing(",type=\"C\"", with: "")
    #expect(
      run.file.rows("gpu_process_info") == [FakeHost.named(gpu: "0", pid: 100, uuid: uuid), untyped])
    #expect(run.file.problems("process_contradicted") == "0")
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "2" && run.file.success == "1")
  }

  @Test func withoutPmonTheTableTellsTheType() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.pmon] = [.text("", exit: 3)]
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_process_info") == [FakeHost.named(gpu: "0", pid: 100, uuid: uuid)])
    #expect(run.file.problems("process_contradicted") == "0")
  }

  @Test(arguments: [(9_000_025 as UInt64, false), (9_000_026, true), (9_999_999, true)])
  func aProcessThatStartedAfterTheQuestionIsAnother(start: UInt64, isReused: Bool) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.addProcess(100, start: start)
    let run = FakeRun(node)
    let named = FakeHost.named(gpu: "0", pid: 100, uuid: uuid)
    let unnamed = FakeHost.unnamed(gpu: "0", pid: 100, uuid: uuid)
    #expect(run.file.rows("gpu_process_info") == [isReused ? unnamed : named])
    #expect(run.file.problems("pid_reused") == (isReused ? "1" : "0"))
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1")
    #expect(run.file.rows("gpu_process_start_time_seconds").isEmpty == isReused)
  }

  @Test func aGoneProcessStillHoldsItsDevice() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.files["/proc/100/stat"] = nil
    node.files["/proc/100/cgroup"] = nil
    let run = FakeRun(node)
    #expect(run.status == .success && run.file.success == "1")
    #expect(run.file.rows("gpu_process_info") == [FakeHost.unnamed(gpu: "0", pid: 100, uuid: uuid)])
    #expect(run.file.problems("process_gone") == "1")
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1")
  }

  @Test func aProcessThatEndsBeforeItsStatusIsReadIsGone() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.addProcess(100, cgroup: "0::/system.slice/a.service\n")
    node.files["/proc/100/status"] = nil
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_process_info") == [FakeHost.unnamed(gpu: "0", pid: 100, uuid: uuid)])
    #expect(run.file.problems("process_gone") == "1")
    #expect(run.status == .success && run.file.success == "1")
  }

  @Test(arguments: [FileRead.failed(5), .tooLong, .bytes(Array("Uid: nobody\n".utf8))])
  func aUserThatCannotBeReadIsLeftOutAndCounted(status: FileRead) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.addProcess(100, cgroup: "0::/system.slice/a.service\n")
    node.files["/proc/100/status"] = status
    let run = FakeRun(node)
    let row = FakeHost.unnamed(gpu: "0", pid: 100, uuid: uuid).dropLast("} 1".count)
    #expect(run.file.rows("gpu_process_info") == [row + ",unit=\"a.service\"} 1"])
    #expect(run.file.problems("process_unreadable") == "1" && run.file.problems("process_gone") == "0")
  }

  /// The empty name, one that is torn, and one that is cut inside of its arguments.
  @Test(arguments: ["", "py\nthon3", "/usr/bin/python3 --token=0123456789 --more=0123456789"])
  func commIsTheCommandWhereNvidiaSMIHasNone(name: String) {
    let node = FakeHost.node([FakeProcess(pid: 100, name: name)])
    node.addProcess(100, comm: "my comm")
    #expect(row(node) == FakeHost.named(gpu: "0", pid: 100, uuid: uuid, command: "my comm"))
  }

  @Test(arguments: [
    ("/opt/a b/python3", "python3"), ("python3", "python3"), ("/a/b, c", "b, c"),
    ("/opt/x --token=a", "x"),
  ])
  func theCommandIsTheBasename(name: String, command: String) {
    let node = FakeHost.node([FakeProcess(pid: 100, name: name)])
    #expect(row(node) == FakeHost.named(gpu: "0", pid: 100, uuid: uuid, command: command))
  }

  @Test func filesOfAProcessOnTwoGPUsAreReadOnce() {
    let node = FakeHost.node(
      gpus: [.init(index: 0), .init(index: 1)],
      [FakeProcess(gpu: 0, pid: 100), FakeProcess(gpu: 1, pid: 100)])
    let run = FakeRun(node)
    #expect(run.file.value("gpu_total_sessions") == "2")
    #expect(node.reads.count { $0 == "/proc/100/stat" } == 1)
    #expect(node.reads.count { $0 == "/proc/100/cgroup" } == 1)
  }

  @Test func theCommandLineIsNeverRead() {
    let node = FakeHost.node([FakeProcess(pid: 100, name: "")])
    node.write("/proc/100/cmdline", "python3\u{0}--token\u{0}secret\u{0}")
    node.write("/proc/100/environ", "TOKEN=secret\u{0}")
    #expect(!FakeRun(node).file.text.contains("secret"))
    #expect(!node.reads.contains("/proc/100/cmdline") && !node.reads.contains("/proc/100/environ"))
  }

  @Test func logDirectoriesAreListedOnce() {
    let node = FakeHost.node((100..<110).map { FakeProcess(pid: $0) })
    _ = FakeRun(node)
    #expect(node.listedLogs.sorted() == ["/var/log/containers", "/var/log/pods"])
  }

  @Test func withoutAPodNoLogDirectoryIsListed() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.addProcess(100, cgroup: "0::/user.slice/user-1000.slice/session-3.scope\n")
    let run = FakeRun(node)
    #expect(node.listedLogs == [])
    let row = FakeHost.unnamed(gpu: "0", pid: 100, uuid: uuid).dropLast("} 1".count)
    #expect(run.file.rows("gpu_process_info") == [row + ",user=\"1000\",unit=\"session-3.scope\"} 1"])
  }

  @Test func logDirectoriesLieBelowTheHostRoot() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    _ = FakeRun(node, ["--host-root", "/host/", "--proc", "/proc"])
    #expect(node.listedLogs.sorted() == ["/host/var/log/containers", "/host/var/log/pods"])
  }

  @Test func aPodWithoutANameIsKnownByItsUID() {
    let node = FakeHost.node([FakeProcess(pid: 100), FakeProcess(pid: 101)])
    node.directories["/var/log/pods"] = .absent
    node.directories["/var/log/containers"] = .absent
    let run = FakeRun(node)
    let uid = FakeHost.podUID
    for row in run.file.rows("gpu_process_info") {
      #expect(row.contains("pod=\"pod-\(uid)\",namespace=\"\",container=\"\""))
      #expect(row.contains("pod_uid=\"\(uid)\""))
    }
    #expect(run.file.problems("pod_name_unknown") == "1")
    #expect(run.file.success == "1")
  }

  @Test func twoNamesOfOnePodAreNone() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    let uid = FakeHost.podUID
    node.directories["/var/log/pods"] = .names(["a_b_\(uid)", "c_d_\(uid)"])
    let run = FakeRun(node)
    #expect(row(node)?.contains("pod=\"pod-\(uid)\",namespace=\"\",container=\"\"") == true)
    #expect(run.file.problems("attribution_conflict") == "1")
  }

  @Test func unreadableLogDirectoriesCostNamesOnly() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.directories["/var/log/pods"] = .failed(13)
    node.directories["/var/log/containers"] = .failed(13)
    let run = FakeRun(node)
    #expect(run.status == .success && run.file.success == "1")
    #expect(run.file.stage("attribution") == "0")
    #expect(run.file.problems("log_directory_unreadable") == "2")
    #expect(row(node)?.contains("pod_uid=\"\(FakeHost.podUID)\"") == true)
  }

  /// A link whose name does not agree with the pod's directory.
  private func oddLink(_ node: FakeHost) -> String {
    let name = "odd_team-a_main-\(FakeHost.containerID).log"
    node.directories["/var/log/containers"] = .names([
      name, "a_ml_main-" + String(repeating: "0", count: 64) + ".log",
    ])
    return "/var/log/containers/" + name
  }

  @Test func anUnreadableLinkCostsTheNameOnly() {
    let node = FakeHost.node([FakeProcess(pid: 100), FakeProcess(pid: 101)])
    node.unreadableLinks = [oddLink(node)]
    let run = FakeRun(node)
    #expect(row(node)?.contains("pod=\"sweep-0\",namespace=\"team-a\",container=\"\"") == true)
    #expect(run.file.problems("log_directory_unreadable") == "1")
    #expect(run.file.stage("attribution") == "0")
  }

  @Test func linksAreReadOnlyWhereTheirNamesDoNotTell() {
    let node = FakeHost.node([FakeProcess(pid: 100), FakeProcess(pid: 101)])
    _ = FakeRun(node)
    #expect(node.readLinks.filter { $0.hasPrefix("/var/log/") } == [])
    let odd = oddLink(node)
    node.links[odd] = "/var/log/pods/team-a_sweep-0_\(FakeHost.podUID)/other/0.log"
    #expect(row(node)?.contains("container=\"other\"") == true)
    #expect(node.readLinks.filter { $0.hasPrefix("/var/log/") } == [odd])
  }

  @Test func anUnreadableProcessStaysASessionWithoutNames() {
    let node = FakeHost.node([FakeProcess(pid: 100), FakeProcess(pid: 101)])
    node.files["/proc/100/stat"] = .failed(13)
    let run = FakeRun(node)
    #expect(
      run.file.rows("gpu_process_info") == [
        FakeHost.unnamed(gpu: "0", pid: 100, uuid: uuid), FakeHost.named(gpu: "0", pid: 101, uuid: uuid),
      ])
    #expect(run.file.problems("process_unreadable") == "1")
    #expect(run.file.stage("attribution") == "0")
  }

  @Test func whatTheTableAndPmonSayOfAProcessHoldsOnTheirGPUOnly() {
    let both = [FakeProcess(gpu: 0, pid: 100), FakeProcess(gpu: 1, pid: 100)]
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], both)
    node.answers[.pmon] = [.text(FakeProcess.pmon([both[0]], idle: [1]))]
    node.setTables(FakeTable(processes: [both[0]]))
    let run = FakeRun(node)
    let other = FakeHost.named(gpu: "1", pid: 100, uuid: FakeGPU(index: 1).uuid, command: "comm")
    #expect(
      run.file.rows("gpu_process_info") == [
        FakeHost.named(gpu: "0", pid: 100, uuid: uuid), other.replacing(",type=\"C\"", with: ""),
      ])
    #expect(run.file.rows("gpu_process_utilization").allSatisfy { $0.hasPrefix("{gpu=\"0\"") })
    #expect(run.file.problems("process_contradicted") == "0")
  }
}
