import Testing

@testable import GPUSessions

@Suite struct PmonRowsTests {
  private func row(_ type: String, sm: Double? = nil) -> Pmon.Row {
    Pmon.Row(type: type, utilization: ProcessUtilization(sm: sm), memoryBytes: nil)
  }

  private func rows(_ keys: [(gpu: Int, pid: Int32)]) -> PmonRows {
    var rows = PmonRows()
    for (place, key) in keys.enumerated() {
      rows.append(.init(gpu: key.gpu, pid: key.pid), row("C", sm: Double(place)))
    }
    return rows
  }

  @Test func `rows are found in whatever order they come`() {
    let keys: [(gpu: Int, pid: Int32)] = [(1, 7), (0, 9), (0, 7), (1, 3), (0, 8)]
    var found = rows(keys)
    #expect(found.settle() == 0)
    #expect(found.entries.map(\.key) == found.entries.map(\.key).sorted() && found.entries.count == 5)
    for (place, key) in keys.enumerated() {
      #expect(found[.init(gpu: key.gpu, pid: key.pid)]?.utilization.sm == Double(place))
    }
    #expect(found[.init(gpu: 0, pid: 6)] == nil && found[.init(gpu: 2, pid: 3)] == nil)
    #expect(PmonRows()[.init(gpu: 0, pid: 1)] == nil)
  }

  @Test func `each row that contradicts the others of its key counts, wherever it stands`() {
    let rows: [(pid: Int32, type: String)] = [(9, "C"), (7, "C"), (9, "G"), (7, "C"), (9, "C")]
    var found = PmonRows()
    for one in rows { found.append(.init(gpu: 0, pid: one.pid), row(one.type)) }
    #expect(found.settle() == 2)
    #expect(found.entries.map(\.row.type) == ["C", nil])
  }

  @Test func `of another answer only what is missing is taken`() {
    var first = rows([(0, 7), (1, 7)])
    var second = rows([(0, 8), (1, 7), (0, 7)])
    _ = second.settle()
    first.addMissing(second)
    #expect(first.entries.map(\.key.pid) == [7, 8, 7])
    #expect(first.entries.map(\.row.utilization.sm) == [0, 0, 1])
  }
}
