import Testing

@testable import GPUSessions

@Suite struct GrafanaAgentTests {
  private let directory = FakeHost.textfiles

  /// A node without node_exporter, with one process of this name.
  private func node(_ comm: String, cgroup: String = "system.slice/alloy.service") -> FakeHost {
    let node = FakeHost.installed()
    node.addProcess(812, comm: comm, cgroup: "0::/\(cgroup)\n")
    node.pids = [1, 100, 812]
    return node
  }

  @Test func `Grafana Alloy may read the directory`() throws {
    let node = node("alloy")
    let finding = try node.finding("node-exporter")
    #expect(says(finding, .warn, "no node_exporter runs here; Grafana Alloy (PID 812) reads textfiles too"))
    #expect(says(finding, .warn, "", advice: "textfile { directory = \"\(directory)\" }"))
    #expect(says(finding, .warn, "", advice: "ps -o args= -p 812"))
    #expect(!node.reads.contains("/proc/812/cmdline"))
  }

  @Test(arguments: ["alloy-linux-amd", "alloy-linux-arm", "alloy-boringcry"])
  func `so may a released binary of it`(comm: String) throws {
    let finding = try node(comm).finding("node-exporter")
    #expect(says(finding, .warn, "Grafana Alloy (PID 812)", advice: "textfile { directory = \"\(directory)\" }"))
    let agent = try node("grafana-agent-l").finding("node-exporter")
    #expect(says(agent, .warn, "Grafana Agent (PID 812)", advice: "textfile_directory: \(directory)"))
  }

  @Test func `so may the Grafana Agent, whose two modes are configured differently`() throws {
    for (comm, setting) in [
      ("grafana-agent", "textfile_directory: \(directory), of the integration"),
      ("grafana-agent-f", "textfile { directory = \"\(directory)\" }"),
    ] {
      let finding = try node(comm).finding("node-exporter")
      #expect(says(finding, .warn, "Grafana Agent (PID 812)", advice: setting))
    }
  }

  @Test(arguments: ["agent", "alloyd", "Alloy", "", "grafana", "grafana-agent-x"])
  func `another process is none`(comm: String) throws {
    #expect(says(try node(comm).finding("node-exporter"), .fail, "no node_exporter runs here"))
  }

  @Test func `where node_exporter runs, it alone is asked`() throws {
    let node = node("alloy")
    node.pids = [1, 100, 812, 900]
    #expect(says(try node.finding("node-exporter"), .pass, "node_exporter (PID 900) reads"))
    node.addExporter(["--collector.textfile.directory=/other"])
    #expect(says(try node.finding("node-exporter"), .fail, "node_exporter (PID 900) reads /other"))
  }

  @Test func `a user's own is not believed`() throws {
    let slice = "user.slice/user-1000.slice/session-3.scope"
    let node = node("alloy", cgroup: slice)
    #expect(
      says(
        try node.finding("node-exporter"), .warn,
        "Grafana Alloy (PID 812) runs in a user's session, and no node_exporter runs here", advice: "as a service"))
    node.addProcess(50, comm: "alloy", cgroup: "0::/system.slice/alloy.service\n")
    node.pids = [1, 50, 100, 812]
    #expect(says(try node.finding("node-exporter"), .warn, "(PID 50) reads textfiles too"))
    node.pids = [1, 100, 812, 900]
    node.write("/proc/900/cgroup", "0::/\(slice)\n")
    #expect(says(try node.finding("node-exporter"), .warn, "node_exporter (PID 900) runs in a user's session"))
  }

  @Test func `where not every process is seen, node_exporter may run all the same`() throws {
    let node = node("alloy")
    node.pids = [100, 812]
    #expect(says(try node.finding("node-exporter"), .skip, "not every process"))
  }

  @Test func `many of them hide no node_exporter`() throws {
    let node = FakeHost.installed()
    let pids = (200..<230).map { Int32($0) }
    for pid in pids { node.addProcess(pid, comm: "alloy", cgroup: "0::/a\n") }
    node.pids = [1, 100] + pids + [900]
    #expect(says(try node.finding("node-exporter"), .pass, "node_exporter (PID 900) reads"))
    #expect(ProcessScan(node.host, proc: "/proc", leaving: [], until: .max).agents.count == 16)
  }

  @Test func `one on a GPU is not looked at`() throws {
    let node = FakeHost.installed([FakeProcess(pid: 100, instance: (1, 0))])
    node.addProcess(100, comm: "alloy", cgroup: "0::/system.slice/alloy.service\n")
    node.pids = [1, 100]
    _ = try node.finding("node-exporter")
    let scan = ProcessScan(node.host, proc: "/proc", leaving: [100], until: .max)
    #expect(scan.agents.isEmpty)
  }

  @Test func `in a container the directory has another name`() throws {
    let node = node("alloy")
    node.setMounts("1 0 0:9 / / rw - overlay o rw\n2 1 8:2 \(directory) /textfile rw - ext4 d rw\n")
    let finding = try node.finding("node-exporter", "--output=/textfile/gpu_sessions.prom")
    #expect(says(finding, .warn, "Grafana Alloy", advice: "as the node names that directory"))
  }
}
