import GPUSessions
import Testing

@Suite struct ProcessChecksTests {
  @Test func `a foreign PID namespace fails, and the devices are known all the same`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("pid-namespace"), .pass, "pid:[4026531836]"))
    node.links["/proc/self/ns/pid"] = "pid:[4026532000]"
    #expect(says(try node.finding("pid-namespace"), .fail, "pid:[4026532000]", advice: "hostPID: true"))
    #expect(says(try node.finding("answer"), .pass, "GPUs and processes"))
    #expect(says(try node.finding("mig"), .pass, "2 instances"))
    #expect(says(try node.finding("node-exporter"), .skip, "only processes of this PID namespace"))
    node.links["/proc/self/ns/pid"] = nil
    #expect(says(try node.finding("pid-namespace"), .fail, "PID 2 is not kthreadd"))
    node.addProcess(2, comm: "kthreadd", start: 1)
    node.write("/proc/2/stat", "2 (kthreadd) S 0" + String(repeating: " 0", count: 40))
    #expect(says(try node.finding("pid-namespace"), .pass, "PID 2 is kthreadd"))
  }

  @Test func `others' processes are there and readable, or it says how not`() throws {
    let node = FakeHost.installed()
    #expect(try node.finding("proc") == .pass("3 processes in /proc"))
    node.files["/proc/900/stat"] = .failed(1)
    #expect(says(try node.finding("proc"), .fail, "1 of 3 processes cannot be read", advice: "hidepid=0"))
    node.pids = [100]
    #expect(
      says(try node.finding("proc"), .fail, "1 process, and PID 1 is not among them", advice: "hidepid=0"))
    node.pids = []
    #expect(says(try node.finding("proc"), .fail, "/proc shows no process", advice: "--proc"))
    node.directories["/proc"] = nil
    #expect(says(try node.finding("proc"), .fail, "/proc is not there", advice: "--proc"))
    node.directories["/proc"] = .failed(13)
    #expect(says(try node.finding("proc"), .fail, "/proc cannot be listed (permission denied)", advice: "root"))
    #expect(says(try node.finding("node-exporter"), .skip, "not every process of the node can be seen"))
  }

  @Test func `a process that ends meanwhile is no finding`() throws {
    let node = FakeHost.installed()
    node.pids = [1, 100, 900, 4_000]
    #expect(try node.finding("proc") == .pass("3 processes in /proc"))
  }

  @Test func `the command line of a GPU process is not read, whatever it calls itself`() throws {
    let node = FakeHost.installed([FakeProcess(pid: 100, instance: (1, 0))])
    node.addExporter(["--collector.textfile.directory=/secret"], pid: 100)
    #expect(run(["check"], node.host) == .success)
    #expect(node.reads.filter { $0.hasSuffix("/cmdline") } == ["/proc/900/cmdline"])
    #expect(!node.reads.contains { $0.hasSuffix("/environ") })
  }

  @Test func `only a node_exporter's command line is read`() throws {
    let node = FakeHost.installed()
    node.write("/proc/1/cmdline", "/sbin/init\0")
    _ = try node.finding("node-exporter")
    #expect(node.reads.filter { $0.hasSuffix("/cmdline") } == ["/proc/900/cmdline"])
  }
}
