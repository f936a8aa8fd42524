import GPUSessions
import Testing

@Suite struct ProcessFactsTests {
  private func facts(_ node: FakeHost) -> ProcessFacts {
    var reader = ProcessFactsReader(ProcFS(host: node.host, root: "/proc"), isUserWanted: false)
    return reader.facts(of: 100)
  }

  @Test func goneIsNotUnreadable() {
    let node = FakeHost()
    #expect(isGone(facts(node)))
    node.files["/proc/100/stat"] = .failed(13)
    #expect(isUnreadable(facts(node)))
    node.addProcess(100)
    node.files["/proc/100/cgroup"] = .absent
    #expect(isGone(facts(node)))
    node.write("/proc/100/stat", "no stat at all")
    #expect(isUnreadable(facts(node)))
  }

  @Test func anUnreadableCgroupLeavesTheProcess() throws {
    let node = FakeHost()
    node.addProcess(100, comm: "a) b (")
    node.files["/proc/100/cgroup"] = .failed(13)
    guard case .present(let stat, nil, _) = facts(node) else {
      Issue.record("the process is there")
      return
    }
    #expect(stat.comm == Array("a) b (".utf8) && stat.startTicks == 5_000)
  }

  @Test func theUserIsReadOnlyOutsideOfContainers() {
    let stat = "7 (a) S 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5 1000 2\n"
    func uid(_ cgroup: String, nspid: String = "7", withUser: Bool = true) -> UInt32? {
      let host = fakeHost(files: [
        "/proc/7/stat": stat, "/proc/7/cgroup": cgroup, "/proc/7/status": "Uid:\t9\t0\t0\t0\nNSpid:\t\(nspid)\n",
      ])
      var reader = ProcessFactsReader(ProcFS(host: host, root: "/proc"), isUserWanted: withUser)
      guard case .present(_, _, .uid(let uid)) = reader.facts(of: 7) else { return nil }
      return uid
    }
    #expect(uid("0::/system.slice/a.service") == 9)
    #expect(uid("0::/system.slice/a.service", withUser: false) == nil)
    #expect(uid("0::/") == 9)
    #expect(uid("0::/default/x", nspid: "7\t1") == nil)
    #expect(uid("0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0", nspid: "7\t1") == 9)
    #expect(uid("0::/docker/\(CgroupFileTests.id)") == nil)
  }
}

private func isGone(_ facts: ProcessFacts) -> Bool {
  if case .gone = facts { true } else { false }
}

private func isUnreadable(_ facts: ProcessFacts) -> Bool {
  if case .unreadable = facts { true } else { false }
}
