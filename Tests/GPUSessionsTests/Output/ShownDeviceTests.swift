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
}
