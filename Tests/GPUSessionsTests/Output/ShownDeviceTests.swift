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
}
