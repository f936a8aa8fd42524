import GPUSessions
import Testing

@Suite struct ReferenceTests {
  @Test func `the table has one row for each family, with its labels and help`() {
    let rows = metricsTable().split(separator: "\n").dropFirst(2)
    #expect(rows.count == catalogue.count)
    for (row, family) in zip(rows, catalogue) {
      let cells = row.split(separator: "|", omittingEmptySubsequences: false)
      // A bar in a help text would be one cell more.
      #expect(cells.count == 5 && cells[1] == " `\(family.name)` ")
      #expect(cells[3] == " \(family.help) ")
    }
  }

  @Test func `the headers name each family once`() {
    let lines = metricsHeaders().split(separator: "\n")
    #expect(lines.count == 2 * catalogue.count)
    #expect(Set(lines).count == lines.count)
    #expect(lines.allSatisfy { $0.hasPrefix("# HELP gpu_") || $0.hasPrefix("# TYPE gpu_") })
  }
}
