import Testing

@testable import GPUSessions

@Suite struct ProcessScanTests {
  private let flag = "--collector.textfile.directory=" + FakeHost.textfiles

  /// Moves a process into the slice of a user.
  private func give(_ node: FakeHost, _ pid: Int32, cgroup: String = "user.slice/user-1000.slice/session-3.scope") {
    node.write("/proc/\(pid)/cgroup", "0::/\(cgroup)\n")
  }

  @Test(arguments: [
    "user.slice/user-1000.slice/session-3.scope",
    "user.slice/user-1000.slice/user@1000.service/app.slice/a.service",
    "user.slice/user-1000.slice/user@1000.service/user.slice/docker-\(FakeHost.containerID).scope",
  ])
  func `a user's own node_exporter is not believed, and its arguments are not read`(cgroup: String) throws {
    let node = FakeHost.installed()
    give(node, 900, cgroup: cgroup)
    let finding = try node.finding("node-exporter")
    #expect(says(finding, .warn, "node_exporter (PID 900) runs in a user's session", advice: flag))
    #expect(!node.reads.contains("/proc/900/cmdline") && !node.reads.contains("/proc/900/status"))
  }

  @Test func `beside it the real one counts`() throws {
    let node = FakeHost.installed()
    node.addExporter(["--collector.textfile.directory=/other"], pid: 50)
    give(node, 50)
    node.pids = [1, 50, 100, 900]
    #expect(says(try node.finding("node-exporter"), .pass, "node_exporter (PID 900) reads"))
  }

  @Test(arguments: ["docker/\(FakeHost.containerID)", "kubepods/pod\(FakeHost.podUID)/\(FakeHost.containerID)", ""])
  func `one in a container is looked at`(cgroup: String) throws {
    let node = FakeHost.installed()
    give(node, 900, cgroup: cgroup)
    #expect(says(try node.finding("node-exporter"), .pass, "(PID 900)"))
    node.files["/proc/900/cgroup"] = .failed(13)
    #expect(says(try node.finding("node-exporter"), .pass, "(PID 900)"))
  }

  @Test(arguments: [15, 16]) func `the first 16 are looked at`(others: Int32) throws {
    for isUsers in [true, false] {
      let node = FakeHost.installed()
      let pids = (0..<others).map { 200 + $0 }
      for pid in pids {
        node.addExporter(["--collector.textfile.directory=/other"], pid: pid)
        if isUsers { give(node, pid) }
      }
      node.pids = [900, 1, 100] + pids.reversed()
      let finding = try node.finding("node-exporter")
      #expect((finding.result == .pass) == (others < 16), "\(isUsers)")
      #expect(node.reads.contains("/proc/900/cgroup") == (others < 16))
      let scan = ProcessScan(node.host, proc: "/proc", leaving: [], until: .max)
      #expect(scan.exporters.count + scan.exportersOfUsers.count == 16 && scan.isComplete)
    }
  }
}
