import Testing

@testable import GPUSessions

@Suite struct MPSServersTests {
  private let name = "nvidia-cuda-mps-server"
  private let node = FakeHost()
  private let device = Device(gpu: 0)

  private func process(
    _ pid: Int32, on device: Device = Device(gpu: 0), type: String? = "C", memory: UInt64? = 52 << 20,
    sm: Double? = nil
  ) -> DeviceProcess {
    DeviceProcess(
      device: device, pid: pid, memoryBytes: memory, type: type, utilization: ProcessUtilization(sm: sm))
  }

  /// Whether the process is a server among these others.
  private func isServer(
    _ process: DeviceProcess, among others: [DeviceProcess] = [], command: String? = nil, parent: Int32? = nil
  ) -> Bool {
    let servers = MPSServers(among: others + [process], ProcFS(host: node.host, root: "/proc"))
    return servers.contain(process, command: command ?? name, parent: parent)
  }

  @Test func `a client on the same device is evidence`() {
    let client = process(7, type: "M+C")
    #expect(isServer(process(5), among: [client]))
    #expect(isServer(process(5, type: nil), among: [client]))
    #expect(isServer(process(5, sm: 30), among: [client]))
    #expect(!isServer(process(5), among: [client], command: "nvidia-cuda-mps-serve"))
    #expect(!isServer(process(5), among: [client], command: "python3"))
  }

  @Test func `a client on another device is none`() {
    for other in [Device(gpu: 1), Device(gpu: 0, instance: InstanceID(gpuInstance: 1, computeInstance: 0))] {
      #expect(!isServer(process(5), among: [process(7, on: other, type: "M+C")]))
      #expect(!isServer(process(5), among: [process(7, type: "C"), process(5, on: other)]))
    }
  }

  @Test func `it holds 128 MiB at most, and known memory`() {
    let client = process(7, type: "M+C")
    #expect(isServer(process(5, memory: 128 << 20), among: [client]))
    #expect(isServer(process(5, memory: 0), among: [client]))
    #expect(!isServer(process(5, memory: 128 << 20 + 1), among: [client]))
    #expect(!isServer(process(5, memory: nil), among: [client]))
  }

  @Test(arguments: ["M+C", "C+G", "G", ""]) func `a process of another type is no server`(type: String) {
    node.addProcess(3, comm: "nvidia-cuda-mps")
    #expect(!isServer(process(5, type: type), among: [process(7, type: "M+C")], parent: 3))
  }

  @Test func `the daemon as its parent is evidence, unless it computes`() {
    node.addProcess(3, comm: "nvidia-cuda-mps")
    #expect(isServer(process(5), parent: 3) && isServer(process(5, sm: 0), parent: 3))
    #expect(!isServer(process(5, sm: 1), parent: 3))
    #expect(!isServer(process(5, memory: nil), parent: 3) && !isServer(process(5, memory: 129 << 20), parent: 3))
    #expect(!isServer(process(5), command: "python3", parent: 3))
  }

  @Test(arguments: ["nvidia-cuda-mp", "nvidia-cuda-mps-", "bash", ""]) func `another parent is none`(comm: String) {
    node.addProcess(3, comm: comm)
    #expect(!isServer(process(5), parent: 3))
  }

  @Test func `a parent that is not known is none`() {
    #expect(!isServer(process(5), parent: nil) && !isServer(process(5), parent: 3))
    node.files["/proc/3/stat"] = .failed(13)
    #expect(!isServer(process(5), parent: 3))
  }

  /// A server with a client, beside a process that only calls itself so.
  @Test func `a whole run counts a server as none, and what only has its name as one`() {
    let path = "/usr/bin/" + name
    let node = FakeHost.node(
      gpus: [.init(index: 0), .init(index: 1)],
      [
        FakeProcess(pid: 100, name: path, memory: "52 MiB"), FakeProcess(pid: 101, type: "M+C"),
        FakeProcess(gpu: 1, pid: 102, name: path, memory: "52 MiB"),
      ])
    let file = FakeRun(node).file
    let status = file.rows("gpu_process_info").map { $0.contains("status=\"mps_server\"") }
    #expect(status == [true, false, false])
    #expect(file.rows("gpu_session_count") == ["{gpu=\"0\"} 1", "{gpu=\"1\"} 1"])
  }
}
