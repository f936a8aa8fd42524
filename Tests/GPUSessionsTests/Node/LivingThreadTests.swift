import Testing

@testable import GPUSessions

/// Processes whose first thread has ended, and what is known of a process of which not everything can be read.
@Suite struct LivingThreadTests {
  private let root = "9:name=systemd:/\n4:memory:/\n0::/\n"
  private let pod = "1:name=systemd:/kubepods/pod\(FakeHost.podUID)/\(FakeHost.containerID)\n"
  private let service = "1:name=systemd:/system.slice/a.service\n"

  private func addStat(_ node: FakeHost, _ path: String, _ pid: Int, _ state: String, comm: String = "worker") {
    node.write("\(path)/stat", "\(pid) (\(comm)) \(state) 1" + String(repeating: " 0", count: 17) + " 5000 0 0\n")
  }

  /// Process 100 whose first thread is in this state, with these further threads.
  private func node(
    _ state: String = "Z", cgroup: String, uid: Int = 0, threads: [(id: Int, state: String)] = []
  ) -> FakeHost {
    let node = FakeHost()
    addStat(node, "/proc/100", 100, state, comm: "python")
    node.write("/proc/100/cgroup", cgroup)
    node.write("/proc/100/status", "Uid:\t\(uid)\t0\t0\t0\nNSpid:\t100\n")
    node.directories["/proc/100/task"] = .names(["100"] + threads.map { "\($0.id)" })
    for thread in threads { addStat(node, "/proc/100/task/\(thread.id)", thread.id, thread.state) }
    return node
  }

  private func addThread(_ node: FakeHost, _ id: Int, cgroup: String, uid: Int = 1000, nspid: String = "100") {
    node.write("/proc/100/task/\(id)/cgroup", cgroup)
    node.write("/proc/100/task/\(id)/status", "Uid:\t\(uid)\t0\t0\t0\nNSpid:\t\(nspid)\n")
  }

  private func facts(_ node: FakeHost, withUser: Bool = true) -> (ProcessStat, CgroupIdentity?, ProcessUser)? {
    var reader = ProcessFactsReader(ProcFS(host: node.host, root: "/proc"), isUserWanted: withUser)
    guard case .present(let stat, let cgroup, let user) = reader.facts(of: 100) else { return nil }
    return (stat, cgroup?.identity, user)
  }

  @Test(arguments: ["Z", "X", "x"], ["S", "R", "D"])
  func `state, cgroup and user are those of a living thread`(state: String, thread: String) throws {
    let node = node(state, cgroup: root, threads: [(101, "Z"), (102, thread)])
    addThread(node, 102, cgroup: pod)
    let (stat, cgroup, user) = try #require(facts(node))
    #expect([stat.state] == octets(thread) && stat.comm == octets("python"))
    #expect(cgroup?.podUID?.text == FakeHost.podUID && user == .notOfNode)
    addThread(node, 102, cgroup: service)
    let (_, unit, owner) = try #require(facts(node))
    #expect(unit?.unit == "a.service" && owner == .uid(1000))
    addThread(node, 102, cgroup: root, nspid: "100\t1")
    #expect(facts(node)?.2 == .inNamespace && facts(node, withUser: false)?.2 == .inNamespace)
  }

  @Test func `the first living thread counts, and one that cannot be read is none`() throws {
    let node = node(cgroup: root, threads: [(300, "S"), (102, "S"), (101, "S"), (99, "X")])
    node.files["/proc/100/task/101/stat"] = .failed(13)
    addThread(node, 102, cgroup: service, uid: 7)
    addThread(node, 300, cgroup: service, uid: 8)
    #expect(facts(node)?.2 == .uid(7))
    node.write("/proc/100/task/102/stat", "no stat")
    #expect(facts(node)?.2 == .uid(8))
  }

  @Test(arguments: ["Z", "X", "x"]) func `without a living thread it is dead and has no user`(state: String) throws
  {
    let node = node(state, cgroup: service, uid: 9, threads: [(101, state)])
    let (stat, cgroup, user) = try #require(facts(node))
    #expect([stat.state] == octets(state) && cgroup?.unit == "a.service" && user == .notOfNode)
    #expect(!node.reads.contains { $0.hasSuffix("/status") })
    node.directories["/proc/100/task"] = .failed(13)
    #expect(facts(node)?.2 == .notOfNode)
  }

  @Test func `a dead process has the user of its slice`() {
    let node = node(cgroup: "0::/user.slice/user-1000.slice/session-3.scope\n", uid: 9)
    #expect(facts(node)?.2 == .uid(1000))
  }

  @Test func `only so many threads are looked at`() {
    let threads = (101...163).map { (id: $0, state: "Z") } + [(id: 164, state: "S"), (id: 165, state: "S")]
    let late = node(cgroup: root, threads: threads)
    addThread(late, 165, cgroup: service)
    late.write("/proc/100/task/164/stat", "164 (worker) Z 1" + String(repeating: " 0", count: 17) + " 5000 0 0\n")
    #expect(facts(late)?.2 == .notOfNode && !late.reads.contains("/proc/100/task/165/stat"))
    let inTime = node(cgroup: root, threads: Array(threads.dropFirst(2)))
    addThread(inTime, 164, cgroup: service)
    #expect(facts(inTime)?.2 == .uid(1000))
  }

  @Test func `threads of a living process are not looked at`() {
    let node = node("S", cgroup: service, uid: 9, threads: [(101, "S")])
    #expect(facts(node)?.2 == .uid(9) && node.listed.isEmpty && !node.reads.contains { $0.contains("/task/") })
  }

  @Test(arguments: [
    "session-3.scope", "user@1000.service/app.slice/a.service", "docker-\(FakeHost.containerID).scope",
  ])
  func `the user of the slice comes before that of the process`(below: String) {
    let node = node("S", cgroup: "0::/user.slice/user-1000.slice/\(below)\n", uid: 100_123)
    #expect(facts(node)?.2 == .uid(1000) && !node.reads.contains { $0.hasSuffix("/status") })
    #expect(facts(node, withUser: false)?.2 == .notOfNode)
  }

  @Test(arguments: [FileRead.failed(13), .tooLong])
  func `a cgroup that cannot be read costs the pod and not the user`(read: FileRead) throws {
    let node = node("S", cgroup: service, uid: 9)
    node.files["/proc/100/cgroup"] = read
    let (_, cgroup, user) = try #require(facts(node))
    #expect(cgroup == nil && user == .uid(9))
    #expect(facts(node, withUser: false)?.2 == .notOfNode)
    // Of a process in a PID namespace of its own nothing shows that its user ID is one of the node.
    node.write("/proc/100/status", "Uid:\t9\t0\t0\t0\nNSpid:\t100\t1\n")
    #expect(facts(node)?.2 == .notOfNode)
    let dead = self.node(cgroup: service, uid: 9)
    dead.files["/proc/100/cgroup"] = read
    #expect(facts(dead)?.1 == nil && facts(dead)?.2 == .notOfNode)
  }

  @Test func `in a PID namespace of its own a process has a user only where the node placed it`() {
    for (cgroup, user) in [
      (root, .inNamespace), ("0::/default/x\n", .inNamespace), (service, .uid(9)),
      ("0::/user.slice/user-5.slice/session-2.scope\n", .uid(5)), ("0::/slurm/uid_9/job_7/step_0/user\n", .uid(9)),
    ] as [(String, ProcessUser)] {
      let node = node("S", cgroup: cgroup, uid: 9)
      node.write("/proc/100/status", "Uid:\t9\t0\t0\t0\nNSpid:\t100\t1\n")
      #expect(facts(node)?.2 == user, "\(cgroup)")
    }
  }

  @Test func `a whole run publishes a process with a living thread like any other`() {
    let process = FakeProcess(pid: 100)
    let node = FakeHost.node([process])
    let plain = FakeRun(node).file
    addStat(node, "/proc/100", 100, "Z")
    node.write("/proc/100/cgroup", root)
    node.directories["/proc/100/task"] = .names(["100", "101"])
    let dead = FakeRun(node).file.rows("gpu_process_defunct")
    #expect(dead.count == 1 && dead.first?.contains("reason=\"zombie\"") == true)
    addStat(node, "/proc/100/task/101", 101, "S")
    addThread(node, 101, cgroup: pod)
    let file = FakeRun(node).file
    #expect(file.rows("gpu_process_defunct").isEmpty)
    #expect(file.rows("gpu_process_info") == plain.rows("gpu_process_info"))
  }
}
