import Testing

@testable import GPUSessions

@Suite struct SessionOrderTests {
  private func session(_ gpu: Int, _ pid: Int32, _ memory: UInt64?, _ sm: Double?, _ start: Double?) -> Session {
    Session(
      device: Device(gpu: gpu), deviceUUID: nil, pid: pid, command: "", type: nil, status: .active,
      memoryBytes: memory,
      deviceMemoryBytes: nil, utilization: ProcessUtilization(sm: sm), startTimeSeconds: start, owner: .unknown)
  }

  @Test(
    arguments: [
      (nil, [1, 2, 3, 4, 9]), (.memory, [2, 4, 1, 3, 9]), (.age, [3, 1, 4, 2, 9]), (.utilization, [1, 3, 2, 4, 9]),
    ] as [(SessionOrder?, [Int32])])
  func `sessions are sorted within their device, those of which nothing is known last`(
    order: SessionOrder?, expected: [Int32]
  ) {
    let node = NodeState(sessions: [
      session(0, 1, 5, 70, 200), session(0, 2, 8, 0, nil), session(0, 3, nil, 70, 100), session(0, 4, 8, nil, 300),
      session(1, 9, 99, 100, 1),
    ])
    #expect(node.sorted(by: order).sessions.map(\.pid) == expected)
  }
}
