import Testing

@testable import GPUSessions

@Suite struct PmonColumnsTests {
  private func words(_ line: String) -> Words { GPUSessions.words(octets(line)[...]) }

  @Test(arguments: ["", "Idx # C/G", "pid gpu", "gpus pid"]) func `a header begins with gpu`(_ line: String) {
    #expect(PmonColumns(header: words(line)) == nil)
  }

  @Test func `without the column command all columns must be there`() throws {
    #expect(try #require(PmonColumns(header: words("gpu pid type sm command"))).countBeforeCommand == 4)
    #expect(try #require(PmonColumns(header: words("gpu pid type sm"))).countBeforeCommand == 4)
  }

  @Test func `a column that the header or the row does not have is absent`() throws {
    let columns = try #require(PmonColumns(header: words("gpu pid sm command fb")))
    let row = columns.row(words("0 7 50 python"))
    #expect(columns.pid(words("0 7 50 python")).pid == 7)
    #expect(row == Pmon.Row(type: nil, utilization: ProcessUtilization(sm: 50)))
    #expect(columns.pid(words("0")).absence == .notAvailable)
  }
}
