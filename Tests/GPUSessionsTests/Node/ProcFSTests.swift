import GPUSessions
import Testing

@Suite struct ProcFSTests {
  private let kthreadd = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 38 0 0 20 0 1 0 25 0 0\n"

  private func processes(_ node: FakeHost) -> ProcFS { ProcFS(host: node.host, root: "/proc") }

  @Test func theNamespaceLinkDecides() {
    let node = FakeHost()
    node.links["/proc/self/ns/pid"] = "pid:[4026531836]"
    #expect(processes(node).showsHostPIDs)
    node.links["/proc/self/ns/pid"] = "pid:[4026532211]"
    node.write("/proc/2/stat", kthreadd)
    #expect(!processes(node).showsHostPIDs)
  }

  @Test func withoutTheLinkTheKernelsThreadDecides() {
    let node = FakeHost()
    #expect(!processes(node).showsHostPIDs)
    node.write("/proc/2/stat", kthreadd)
    #expect(processes(node).showsHostPIDs)
  }

  @Test(
    arguments: [
      "2 (kthreadd) S 1 0 0 0 -1 2129984 0 0 0 0 0 38 0 0 20 0 1 0 25 0 0\n",
      "2 (pause) S 0 0 0 0 -1 2129984 0 0 0 0 0 38 0 0 20 0 1 0 25 0 0\n", "", "2 (kthreadd)",
    ])
  func anotherSecondProcessIsForeign(stat: String) {
    let node = FakeHost()
    node.write("/proc/2/stat", stat)
    #expect(!processes(node).showsHostPIDs)
  }

  @Test func aForeignNamespaceFailsTheRunBeforeAnythingIsSpawned() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.links["/proc/self/ns/pid"] = "pid:[4026532211]"
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.file.isOnlyAboutCollector)
    #expect(node.spawned.isEmpty)
    #expect(run.errors == "gpu-sessions: error: \(CollectionFailure.foreignPIDNamespace.sentence)\n")
  }

  @Test func aPathWithoutAProcfsIsNotTakenForAForeignNamespace() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    let run = FakeRun(node, ["--host-root", "/nope"])
    #expect(run.status == .failure && node.spawned.isEmpty)
    #expect(run.file.isOnlyAboutCollector)
    #expect(
      run.errors == "gpu-sessions: error: there is no procfs at /nope/proc (name the node's procfs with --proc DIR,"
        + " or its root with --host-root DIR)\n")
  }

  @Test func anotherProcIsLookedAtInstead() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.links = ["/host/proc/self/ns/pid": "pid:[4026531836]"]
    for (path, read) in node.files { node.files["/host" + path] = read }
    let run = FakeRun(node, ["--proc", "/host/proc"])
    #expect(run.status == .success)
    #expect(!node.reads.isEmpty)
    #expect(node.reads.allSatisfy { $0.hasPrefix("/host/proc/") || $0.contains("/kubelet/") })
    #expect(run.file.rows("gpu_process_info").first?.contains("pod=\"sweep-0\"") == true)
  }

  @Test func uptimeIsReadInTicks() {
    let node = FakeHost()
    node.write("/proc/uptime", "90000.25 180000.00\n")
    #expect(processes(node).ticksSinceBoot == 9_000_025)
  }

  @Test(arguments: ["", "x", "1", "-1.00 0\n", "99999999999999999999.00 1.00\n"])
  func withoutUptimeTheClockSays(text: String) {
    let node = FakeHost()
    node.now = 12_340_000_000
    node.write("/proc/uptime", text)
    #expect(processes(node).ticksSinceBoot == 1_234)
  }

  @Test func bootTimeIsInStat() {
    let node = FakeHost()
    #expect(processes(node).tickClock.bootSeconds == nil)
    node.write("/proc/stat", "cpu  1 2\nintr 5\nbtime 1700000000\nprocesses 3\n")
    #expect(processes(node).tickClock.bootSeconds == 1_700_000_000)
    node.write("/proc/stat", "cpu  1 2\nbtime soon\n")
    #expect(processes(node).tickClock.bootSeconds == nil)
  }
}
