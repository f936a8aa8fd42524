import GPUSessions
import Testing

/// Headers of the drivers 418 to 610, as users have reported them.
@Suite struct PmonTests {
  private func pmon(_ lines: String...) throws -> Pmon {
    try #require(Pmon(octets(lines.map { PmonTests.spread($0) + "\n" }.joined())))
  }

  /// A row as wide as nvidia-smi prints it, whatever number of blanks stand between its words; other lines as they are.
  static func spread(_ line: String) -> String {
    guard line.first?.isNumber == true else { return line }
    return line.split(separator: " ").map { String(repeating: " ", count: max(1, 11 - $0.utf8.count)) + $0 }
      .joined()
  }

  private static let old = "# gpu        pid  type    sm   mem   enc   dec   command"
  private static let new = "# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command "
  private static let units = "# Idx           #    C/G      %      %      %      %      %      %    name "

  @Test func `the form before 535`() throws {
    let pmon = try pmon(
      Self.old, "# Idx          #   C/G     %     %     %     %   name",
      "    0   4559     C    97    45     -     0   loadgen")
    let row = try #require(pmon.rows[.init(gpu: 0, pid: 4559)])
    #expect(row.type == "C" && pmon.malformedRows == 0 && pmon.coveredGPUs == [0])
    #expect(row.utilization == ProcessUtilization(sm: 97, memoryBandwidth: 45, encoder: nil, decoder: 0))
  }

  @Test func `the form of 550 to 610`() throws {
    let pmon = try pmon(
      Self.new, Self.units,
      "    0      20037     C      2      0     24      -      -      -    ffmpeg         ")
    let row = try #require(pmon.rows[.init(gpu: 0, pid: 20037)])
    #expect(row.utilization == ProcessUtilization(sm: 2, memoryBandwidth: 0, encoder: 24, decoder: nil))
  }

  @Test(arguments: [
    ("# gpu pid type fb sm mem enc dec command", "1 7 C 4618 97 45 3 5 python"),
    ("# gpu pid type fb ccpm sm mem enc dec jpg ofa command", "1 7 C 4618 0 97 45 3 5 - - python"),
    ("# gpu pid type sm mem enc dec fb command", "1 7 C 97 45 3 5 4618 python"),
    ("# gpu pid type sm mem enc dec jpg ofa fb ccpm command", "1 7 C 97 45 3 5 - - 4618 0 a b c"),
    ("#gpu pid type dec enc mem sm command", "1 7 C 5 3 45 97"),
  ])
  func `columns are mapped by name, whatever was asked for`(_ header: String, _ row: String) throws {
    let pmon = try pmon(header, "# Idx # C/G", row)
    #expect(pmon.malformedRows == 0)
    #expect(
      pmon.rows[.init(gpu: 1, pid: 7)]?.utilization
        == ProcessUtilization(sm: 97, memoryBandwidth: 45, encoder: 3, decoder: 5))
  }

  @Test func `the header that is repeated in the middle changes nothing`() throws {
    let pmon = try pmon(
      Self.new, Self.units, "0 7 C 1 2 3 4 - - a", Self.new, Self.units, "0 9 C 5 6 - - - - c")
    #expect(pmon.rows[.init(gpu: 0, pid: 7)]?.utilization.sm == 1)
    #expect(pmon.rows[.init(gpu: 0, pid: 9)]?.utilization.sm == 5)
    #expect(pmon.rows.count == 2 && pmon.malformedRows == 0)
  }

  @Test(arguments: ["# gpu", "# gpu pid", "# gpu type pid mem sm", "#gpu", "#"])
  func `a header within a name moves no column`(_ forged: String) throws {
    let pmon = try pmon(Self.new, Self.units, "0 7 C 1 2 - - - - a", forged, "0 8 C 10 20 - - - - b")
    #expect(pmon.rows[.init(gpu: 0, pid: 8)]?.type == "C")
    #expect(pmon.rows[.init(gpu: 0, pid: 8)]?.utilization == ProcessUtilization(sm: 10, memoryBandwidth: 20))
    #expect(pmon.rows.count == 2 && pmon.malformedRows == 0)
  }

  /// pmon cuts names to 15 bytes and pads them to 15: no line within one has more than 30.
  @Test func `a line of 30 bytes is within a name, one of 31 may be a row`() throws {
    for (line, isRow) in [
      ("0 8 G " + String(repeating: " ", count: 24), false), ("0 8 G " + String(repeating: " ", count: 25), true),
    ] {
      let text = "# gpu pid type command\n" + Self.spread("0 7 C x") + "\n" + line + "\n"
      let pmon = try #require(Pmon(octets(text)))
      #expect(pmon.rows.count == (isRow ? 2 : 1) && pmon.malformedRows == (isRow ? 0 : 1))
    }
  }

  @Test func `a name that imitates a row adds none and covers no GPU`() throws {
    let pmon = try pmon(Self.new, Self.units, "0 7 C 1 2 - - - - a", " 3 8 C 9 9     ", "  4 - - - - - -  ")
    #expect(pmon.rows.keys.map(\.pid) == [7] && pmon.coveredGPUs == [0] && pmon.malformedRows == 2)
  }

  @Test func `the idle row covers its GPU and is no process`() throws {
    let pmon = try pmon(
      Self.new, Self.units,
      "    3          -     -      -      -      -      -      -      -    -              ")
    #expect(pmon.rows.isEmpty && pmon.coveredGPUs == [3] && pmon.malformedRows == 0)
  }

  @Test func `a dash is unknown and not zero`() throws {
    let pmon = try pmon(
      Self.new, Self.units,
      "    0      12267     C      -      -      -      -      -      -    gpu_burn       ")
    let row = try #require(pmon.rows[.init(gpu: 0, pid: 12267)])
    #expect(row.utilization == ProcessUtilization() && row.type == "C")
  }

  @Test(arguments: ["C", "G", "C+G", "M", "M+C", "M+C+G", "O"]) func `types are passed on`(_ type: String)
    throws
  {
    #expect(try pmon(Self.new, "0 7 \(type) - - - - - - a").rows[.init(gpu: 0, pid: 7)]?.type == type)
  }

  @Test func `an unknown type is absent`() throws {
    let row = try #require(pmon(Self.new, "0 7 - 1 - - - - - a").rows[.init(gpu: 0, pid: 7)])
    #expect(row.type == nil && row.utilization.sm == 1)
  }

  @Test(arguments: ["101", "-1", "nan", "1e1", "4294967295"]) func `only 0 to 100 is a percentage`(
    _ text: String
  ) throws {
    let row = try #require(pmon(Self.new, "0 7 C \(text) 100 - - - - a").rows[.init(gpu: 0, pid: 7)])
    #expect(row.utilization == ProcessUtilization(memoryBandwidth: 100))
  }

  @Test(arguments: [
    "x 7 C - - - - - - a", "0 0 C - - - - - - a", "0 7", "0 -7 C - - - - - - a",
    "0 2147483648 C - - - - - - a",
  ])
  func `a row that does not fit costs itself`(_ row: String) throws {
    let pmon = try pmon(Self.new, row, "0 9 C 1 - - - - - a")
    #expect(pmon.rows.keys.map(\.pid) == [9] && pmon.malformedRows == 1)
  }

  @Test func `messages are no rows, not even malformed ones`() throws {
    let pmon = try pmon(Self.new, "WARNING: infoROM is corrupted at gpu 0000:0B:00.0", "0 9 C 1 - - - - - a")
    #expect(pmon.malformedRows == 0 && pmon.rows.count == 1)
  }

  @Test(arguments: [
    "", "Not supported on the device(s)\nFailed to process command line\n", "# Idx #\n",
    "       0          7          C          1          2          3          4          -          -          a\n",
  ])
  func `no header is no answer`(_ text: String) {
    #expect(Pmon(octets(text)) == nil)
  }

  @Test func `a second answer adds its GPUs and does not replace what is there`() throws {
    var first = try pmon(Self.new, "0 7 C 1 - - - - - a", "x")
    first.merge(try pmon(Self.new, "0 7 C 50 - - - - - a", "1 8 C 2 - - - - - b", "y"))
    #expect(first.rows[.init(gpu: 0, pid: 7)]?.utilization.sm == 1)
    #expect(first.rows[.init(gpu: 1, pid: 8)]?.utilization.sm == 2)
    #expect(first.coveredGPUs == [0, 1] && first.malformedRows == 2)
  }

  @Test func `of two rows that contradict each other only what they agree on is believed`() throws {
    let real = "0 7 C 1 5 - - - - a"
    let others: [(row: String, type: String?, sm: Double?)] = [
      ("0 7 G 1 5 - - - - a", nil, 1), ("0 7 C 2 5 - - - - a", "C", nil),
    ]
    for other in others {
      for rows in [[real, other.row], [other.row, real]] {
        let pmon = try pmon(Self.new, rows[0], rows[1])
        let left = try #require(pmon.rows[.init(gpu: 0, pid: 7)])
        #expect(left.type == other.type)
        #expect(left.utilization == ProcessUtilization(sm: other.sm, memoryBandwidth: 5))
        #expect(pmon.duplicateRows == 1 && pmon.malformedRows == 0)
      }
    }
    let same = try pmon(Self.new, real, real)
    #expect(same.duplicateRows == 0 && same.rows[.init(gpu: 0, pid: 7)]?.type == "C")
  }
}
