import Testing

@testable import GPUSessions

@Suite struct ShownDeviceTests {
  @Test func `devices are in the order of their numbers, those without one last`() throws {
    var run = SketchedRun()
    run.gpus = try gpus(
      (1, "NVIDIA H100", "Disabled"), (2, "NVIDIA H100", "Enabled"), (10, "NVIDIA H100", "Disabled"))
    run.instances = [instance(2, 1, 0, "1g.10gb"), instance(2, 2, 0, "1g.10gb")]
    run.lostGPUs = [
      LostGPU(index: nil, busID: "b"), LostGPU(index: 3, busID: "c"), LostGPU(index: nil, busID: "a"),
      LostGPU(index: 0, busID: "d"),
    ]
    let shown = shownDevices(NodeState(inventory: run.inventory))
    #expect(shown.map(\.gpu) == ["0", "1", "2_1_0", "2_2_0", "3", "10", nil, nil])
    #expect(
      shown.suffix(2).map(\.busID) == ["b", "a"] && shown.map(\.sessions) == [nil, 0, 0, 0, nil, 0, nil, nil])
  }

  @Test func `a device whose GPU has a process somewhere, or graphics work, is not known to be idle`() throws {
    var run = SketchedRun()
    run.gpus = try gpus(
      (0, "NVIDIA H100", "Enabled"), (1, "NVIDIA H100", "Disabled"), (2, "NVIDIA H100", "Disabled"),
      (3, "NVIDIA H100", "Disabled"))
    run.instances = [instance(0, 1, 0, "1g.10gb"), instance(0, 2, 0, "1g.10gb")]
    run.gpus[0].doubts = .unplacedProcess
    run.gpus[1].doubts = .unplacedProcess
    run.gpus[2].doubts = .graphicsWork
    let sessions = [session(run.instances[1].device, 7, "a"), session(Device(gpu: 1), 8, "b", status: .mpsServer)]
    let node = NodeState(inventory: run.inventory, sessions: sessions)
    let shown = shownDevices(node)
    #expect(shown.map(\.status) == [.unknown, .active, .unknown, .unknown, .idle])
    #expect(shown.map(\.sessions) == [nil, 1, nil, 0, 0])
    let json = showJSON(.collected(node, RunReport()))
    #expect(json.contains("\"unknown\"") && json.contains("\"sessions\": null"))
    #expect(ExpositionContext(node, Options()).processes.map { $0.session?.pid } == [7, 8, nil])
  }

  @Test func `the table says of such a device that it is not known to be idle`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"), (1, "NVIDIA H100", "Disabled"))
    run.gpus[0].doubts = .unplacedProcess
    let rows = DeviceRow.all(NodeState(inventory: run.inventory))
    let page = Page(width: 100, isColoured: false)
    let lines = rows.map { page.text(of: $0.line(DeviceRow.Measures(rows, page))) }
    #expect(lines.map { $0.hasSuffix("  not known to be idle\n") } == [true, false])
    #expect(lines.map { $0.hasSuffix("  idle\n") } == [false, true])
  }

  private func lines(_ node: NodeState) -> [String] {
    let page = Page(width: 200, isColoured: false)
    let rows = DeviceRow.all(node)
    return rows.map { page.text(of: $0.line(DeviceRow.Measures(rows, page))) }
  }

  @Test func `an exclusive mode and a recovery action are named`() throws {
    var run = SketchedRun()
    run.gpus = try gpus(
      (0, "NVIDIA H100", "Disabled"), (1, "NVIDIA H100", "Enabled"), (2, "NVIDIA H100", "Disabled"))
    (run.gpus[0].computeMode, run.gpus[0].recoveryAction) = ("Exclusive_Process", "Reset")
    (run.gpus[1].computeMode, run.gpus[1].recoveryAction) = ("Prohibited", nil)
    (run.gpus[2].computeMode, run.gpus[2].recoveryAction) = ("Default", "None")
    let lines = lines(NodeState(inventory: run.inventory))
    #expect(lines[0].hasSuffix("  idle  Exclusive_Process  recovery action: Reset\n"))
    #expect(lines[1].hasSuffix("  MIG on, no instance  Prohibited\n") && lines[2].hasSuffix("  idle\n"))
  }

  @Test func `pods that hold a device and have no session there are named, if that is known`() throws {
    let (used, unused) = ("7922aa99-d4aa-4885-a953-82976860b23a", "8922aa99-d4aa-4885-a953-82976860b23a")
    func node(_ owners: Owner..., doubts: GPU.Doubts = []) throws -> NodeState {
      var run = SketchedRun()
      run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
      run.gpus[0].doubts = doubts
      let sessions = owners.enumerated().map { session(Device(gpu: 0), Int32($0.offset), "a", owner: $0.element) }
      let allocations = try [("used", used), ("unused", unused)].map { pod, uid in
        Allocation(
          device: Device(gpu: 0), deviceUUID: nil, resource: "r", pod: pod, namespace: "n", container: "c",
          podUID: try #require(PodUID(uid)), replicas: 1)
      }
      return NodeState(inventory: run.inventory, sessions: sessions, allocations: allocations)
    }
    let owner = Owner(pod: "used", namespace: "n", podUID: PodUID(used))
    #expect(lines(try node(owner))[0].hasSuffix("  also held by n/unused (unused)\n"))
    #expect(lines(try node(owner, Owner(unit: "u.service")))[0].hasSuffix("  also held by n/unused (unused)\n"))
    #expect(!lines(try node(owner, .unknown))[0].contains("held"))
    #expect(!lines(try node(owner, doubts: .unplacedProcess))[0].contains("held"))
    #expect(lines(try node())[0].hasSuffix("  idle, held by n/used, n/unused\n"))
    var filter = ShowFilter()
    filter.pods = ["unused"]
    #expect(lines(filter.applied(to: try node(owner)))[0].hasSuffix("  also held by n/unused (unused)\n"))
    #expect(!lines(filter.applied(to: try node(owner, .unknown)))[0].contains("held"))
  }
}
