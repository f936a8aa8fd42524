import Testing

@testable import GPUSessions

@Suite struct PositionTableTests {
  @Test func whatWasAddedIsFound() {
    // Keys that differ in their lowest bits, their highest, and not at all.
    let keys = (0..<500).map { UInt64($0 % 400) } + (0..<500).map { UInt64($0) << 54 }
    var table = PositionTable(count: keys.count)
    for (position, key) in keys.enumerated() { table.add(position, key) }
    for key in keys {
      var found: [Int] = []
      table.forEach(key) { if keys[$0] == key { found.append($0) } }
      #expect(found.sorted() == keys.indices.filter { keys[$0] == key })
    }
  }

  @Test func anEmptyTableHasNothing() {
    PositionTable(count: 0).forEach(7) { _ in Issue.record("nothing was added") }
  }

  @Test func livePodsAreThereOnce() throws {
    let uids = try ["0", "1", "0", "f"].map { digit in
      try #require(PodUID(String(repeating: digit, count: 32)))
    }
    let pods = LivePods(uids)
    #expect(pods.count == 3 && uids.allSatisfy(pods.contains))
    #expect(!pods.contains(try #require(PodUID(String(repeating: "e", count: 32)))) && LivePods().isEmpty)
    #expect(pods == LivePods(uids.reversed()) && pods != LivePods([uids[0]]))
  }
}
