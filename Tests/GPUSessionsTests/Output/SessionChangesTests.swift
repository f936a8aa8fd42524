import Testing

@testable import GPUSessions

@Suite struct SessionChangesTests {
  private let device = Device(gpu: 0)

  private func node(_ sessions: [Session]) throws -> NodeState {
    NodeState(
      inventory: Inventory(gpus: try gpus((0, "NVIDIA H100", "Disabled")), lostGPUs: []), sessions: sessions)
  }

  private func one(_ owner: Owner = .unknown, start: Double? = nil) -> Session {
    Session(
      device: device, deviceUUID: nil, pid: 1, command: "a", type: nil, status: .active, memoryBytes: nil,
      deviceMemoryBytes: nil, utilization: ProcessUtilization(), startTimeSeconds: start, owner: owner)
  }

  private func mark(_ old: Session, _ new: Session) throws -> SessionChanges.Mark? {
    SessionChanges(from: try node([old]), to: try node([new])).mark(of: new)
  }

  @Test func `a session is new, has ended, or is as it was`() throws {
    let (stays, goes, comes) = (session(device, 1, "a"), session(device, 2, "b"), session(device, 3, "c"))
    let changes = SessionChanges(from: try node([stays, goes]), to: try node([stays, comes]))
    #expect(changes.mark(of: stays) == nil && changes.mark(of: comes) == .new)
    #expect(changes.ended.map(\.pid) == [2])
    #expect(SessionChanges().mark(of: stays) == nil)
  }

  @Test func `another owner is marked, one that becomes known is not`() throws {
    let (x, y) = (Owner(pod: "x", namespace: "n"), Owner(pod: "y", namespace: "n"))
    #expect(try mark(one(x), one(y)) == .otherOwner && mark(one(x), one(x)) == nil)
    #expect(try mark(one(), one(y)) == nil && mark(one(x), one()) == nil)
    let uid = try #require(PodUID("7922aa99-d4aa-4885-a953-82976860b23a"))
    #expect(try mark(one(Owner(pod: "pod-7922", podUID: uid)), one(Owner(pod: "x", podUID: uid))) == nil)
  }

  @Test func `a PID that started anew is another process`() throws {
    #expect(try mark(one(start: 100), one(start: 200)) == .new && mark(one(start: 100), one(start: 100.2)) == nil)
    #expect(try mark(one(start: 100), one()) == nil)
  }

  @Test func `what may be unread has not ended`() throws {
    let old = try node([session(device, 1, "a")])
    for doubt in [GPU.Doubts.unreadRow, .unplacedProcess, .unlistedProcess] {
      var new = try node([])
      new.inventory.gpus[0].doubts = doubt
      #expect(SessionChanges(from: old, to: new).ended.isEmpty)
    }
    var new = try node([])
    new.inventory.gpus[0].unreadableReason = .lost
    #expect(SessionChanges(from: old, to: new).ended.isEmpty)
    #expect(SessionChanges(from: old, to: try node([])).ended.count == 1)
  }

  @Test func `marks stand in the margin, without colours too`() throws {
    let (stays, goes) = (session(device, 1, "a"), session(device, 2, "b"))
    let comes = session(device, 3, "c")
    let (old, new) = (try node([stays, goes]), try node([stays, comes]))
    let text = showTable(
      .collected(new, RunReport()), Page(width: 80, isColoured: false), SessionChanges(from: old, to: new))
    let margins = text.split(separator: "\n").dropFirst(2).map { $0.prefix(8).filter { $0 != " " } }
    #expect(margins == ["1", "+3", "-2"])
  }
}
