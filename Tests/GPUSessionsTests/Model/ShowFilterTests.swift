import Testing

@testable import GPUSessions

@Suite struct ShowFilterTests {
  /// GPU 0 has two pods and a user's process, GPU 1 is MIG with two instances that share memory, GPU 2 is handed out to a
  /// pod that runs nothing, GPU 3 is not there.
  private func node() throws -> NodeState {
    var run = SketchedRun()
    run.gpus = try gpus(
      (0, "NVIDIA H100", "Disabled"), (1, "NVIDIA H100", "Enabled"), (2, "NVIDIA H100", "Disabled"))
    run.instances = [instance(1, 2, 0, "1c.2g.20gb"), instance(1, 2, 1, "1c.2g.20gb")]
    run.lostGPUs = [LostGPU(index: 3, busID: "b", complaint: "lost")]
    run.sessions = [
      session(Device(gpu: 0), 1, "a", owner: Owner(pod: "x", namespace: "team-a")),
      session(Device(gpu: 0), 2, "b", owner: Owner(pod: "x", namespace: "team-b")),
      session(Device(gpu: 0), 3, "c", owner: Owner(unit: "u.service"), user: "sora"),
      session(run.instances[0].device, 4, "d", owner: Owner(pod: "y", namespace: "team-a")),
    ]
    var node = NodeState(inventory: run.inventory, sessions: run.sessions)
    node.allocations = [
      try allocation(Device(gpu: 0), "team-c", "z"), try allocation(Device(gpu: 2), "team-c", "z"),
    ]
    return node
  }

  private func allocation(_ device: Device, _ namespace: String, _ pod: String) throws -> Allocation {
    Allocation(
      device: device, deviceUUID: nil, resource: "nvidia.com/gpu", pod: pod, namespace: namespace, container: "c",
      podUID: try #require(PodUID("7922aa99-d4aa-4885-a953-82976860b23a")), replicas: 1)
  }

  private func shown(_ change: (inout ShowFilter) -> Void) throws -> (devices: [String?], pids: [Int32], held: Int)
  {
    var filter = ShowFilter()
    change(&filter)
    let node = filter.applied(to: try node())
    return (shownDevices(node).map(\.gpu), node.sessions.map(\.pid), node.allocations.count)
  }

  @Test func `an empty filter leaves out nothing`() throws {
    #expect(try shown { _ in } == (["0", "1_2_0", "1_2_1", "2", "3"], [1, 2, 3, 4], 2))
  }

  @Test func `owners are matched exactly, with the devices that they are on or hold`() throws {
    #expect(try shown { $0.namespaces = ["team-a"] } == (["0", "1_2_0"], [1, 4], 0))
    #expect(try shown { $0.namespaces = ["team-"] } == ([], [], 0))
    #expect(try shown { $0.namespaces = ["team-b", "team-c"] } == (["0", "2"], [2], 2))
    #expect(try shown { ($0.namespaces, $0.pods) = (["team-a"], ["x"]) } == (["0"], [1], 0))
    #expect(try shown { $0.users = ["sora"] } == (["0"], [3], 0))
    #expect(try shown { ($0.users, $0.pods) = (["sora"], ["x"]) } == ([], [], 0))
  }

  @Test(
    arguments: [
      ("0", ["0"], [1, 2, 3]), ("GPU-0", ["0"], [1, 2, 3]), ("1", ["1_2_0", "1_2_1"], [4]),
      ("1_2_1", ["1_2_1"], []),
      ("GPU-1", ["1_2_0", "1_2_1"], [4]), ("MIG-2-0", ["1_2_0"], [4]), ("3", ["3"], []), ("4", [], []),
      ("00", [], []),
    ] as [(String, [String?], [Int32])])
  func `a device is an index, an instance or a UUID`(gpu: String, devices: [String?], pids: [Int32]) throws {
    let shown = try shown { $0.gpus = [gpu] }
    #expect(shown.devices == devices && shown.pids == pids)
  }

  @Test func `a device and an owner have to match both`() throws {
    #expect(try shown { ($0.gpus, $0.namespaces) = (["0", "1"], ["team-a"]) } == (["0", "1_2_0"], [1, 4], 0))
    #expect(try shown { ($0.gpus, $0.namespaces) = (["2"], ["team-a"]) } == ([], [], 0))
  }

  @Test func `a device whose sessions are left out is not idle`() throws {
    var filter = ShowFilter()
    filter.namespaces = ["team-c"]
    let shown = shownDevices(filter.applied(to: try node()))
    #expect(shown.map(\.status) == [.active, .idle] && shown.map(\.sessions) == [3, 0])
  }

  @Test func `an instance keeps its GPU's line, and shares its memory with what is left out`() throws {
    var filter = ShowFilter()
    filter.gpus = ["1_2_1"]
    let text = showTable(
      .collected(filter.applied(to: try node()), RunReport()), Page(width: 100, isColoured: false))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 2 && lines[0].hasPrefix("GPU 1  NVIDIA H100") && lines[1].hasPrefix("  1_2_1"))
    #expect(lines[1].contains("shared  idle"))
  }

  @Test func `a filter without a match is a warning`() throws {
    var filter = ShowFilter()
    (filter.gpus, filter.pods) = (["0", "2"], ["nobody"])
    let outcome = Outcome.collected(try node(), RunReport()).filtered(by: filter)
    #expect(outcome.report.warnings == ["nothing on this node matches --pod nobody --gpu 0 --gpu 2"])
    filter.pods = ["x"]
    #expect(Outcome.collected(try node(), RunReport()).filtered(by: filter).report.warnings.isEmpty)
  }
}
