import GPUSessions
import Testing

/// Rows of one process that are there twice, and a second output.
@Suite struct PmonMergeTests {
  private func pmon(_ rows: [String]) throws -> Pmon {
    let lines = ["# gpu pid type sm command"] + rows.map(PmonTests.spread)
    return try #require(Pmon(octets(lines.map { $0 + "\n" }.joined())))
  }

  @Test func `rows are found in whatever order they come`() throws {
    let keys: [(gpu: Int, pid: Int32)] = [(1, 7), (0, 9), (0, 7), (1, 3), (0, 8)]
    let found = try pmon(keys.enumerated().map { "\($1.gpu) \($1.pid) C \($0) a" })
    #expect(found.rows.count == 5 && found.duplicateRows == 0 && found.coveredGPUs == [0, 1])
    for (place, key) in keys.enumerated() {
      #expect(found.rows[.init(gpu: key.gpu, pid: key.pid)]?.utilization.sm == Double(place))
    }
    #expect(found.rows[.init(gpu: 0, pid: 6)] == nil && found.rows[.init(gpu: 2, pid: 3)] == nil)
  }

  @Test func `each row that contradicts the others of its key counts, wherever it stands`() throws {
    let found = try pmon(["0 9 C - a", "0 7 C - a", "0 9 G - a", "0 7 C - a", "0 9 C - a"])
    #expect(found.duplicateRows == 2 && found.malformedRows == 0)
    let (nine, seven) = (found.rows[.init(gpu: 0, pid: 9)], found.rows[.init(gpu: 0, pid: 7)])
    #expect(nine != nil && nine?.type == nil && seven?.type == "C")
  }

  @Test func `of another output only what is missing is taken`() throws {
    var first = try pmon(["0 7 C 0 a", "1 7 C 1 a"])
    first.merge(try pmon(["0 8 C 50 a", "1 7 C 51 a", "0 7 C 52 a", "0 7 C 53 a"]))
    #expect(first.rows.count == 3 && first.duplicateRows == 1)
    #expect(first.rows[.init(gpu: 0, pid: 7)]?.utilization.sm == 0)
    #expect(first.rows[.init(gpu: 0, pid: 8)]?.utilization.sm == 50)
    #expect(first.rows[.init(gpu: 1, pid: 7)]?.utilization.sm == 1)
  }
}
