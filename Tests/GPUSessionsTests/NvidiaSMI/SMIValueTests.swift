import GPUSessions
import Testing

@Suite struct CellTests {
  private func cell(_ text: String) -> SMIValue { SMIValue(octets(text)[...]) }

  /// nvidia-smi.md §1, §3 and §5.
  private static let nonValues = [
    "N/A", "Not Found", "Not Supported", "Insufficient Permissions", "Unknown Error", "GPU is lost",
    "GPU is inaccessible", "GPU requires reset", "Function Not Found",
    "Requested functionality has been deprecated",
  ]

  @Test(arguments: nonValues) func `a non-value is absent with and without brackets`(_ phrase: String) {
    for text in [phrase, "[\(phrase)]", " [\(phrase)] ", "\t\(phrase)\r"] {
      let cell = cell(text)
      #expect(cell.value == nil, "\(text)")
      #expect(cell.text.isEmpty && cell.integer == nil && cell.mebibytes == nil, "\(text)")
      #expect(cell.number(unit: "%") == nil, "\(text)")
    }
  }

  @Test(arguments: ["", "   ", "-", "[]", "[something new of driver 700]"])
  func `empty, a dash and anything in brackets are absent`(_ text: String) {
    #expect(cell(text).value == nil)
    #expect(cell(text).number(unit: "W") == nil)
  }

  @Test(arguments: ["N/A2", "n/a", "[N/A", "N/A]", "None", "Default", "--", "./gpu_burn"])
  func `what only looks like a non-value is a value`(_ text: String) {
    #expect(cell(text).text == text)
  }

  @Test(arguments: [
    ("100 %", "%", 100), ("433.78 W", "W", 433.78), ("45", "C", 45), ("0 %", "%", 0), ("123.31", "W", 123.31),
    (" 7 % ", "%", 7), ("-40", "C", -40), ("-3.5", "C", -3.5), ("16384   MiB", "MiB", 16384),
  ])
  func `a number has its unit or none`(_ text: String, _ unit: String, _ value: Double) {
    #expect(cell(text).number(unit: unit) == value)
  }

  @Test(arguments: [
    "nan", "NaN", "inf", "-inf", "infinity", "0x1F", "1e3", "1E3", "1.2.3", ".", "-", "-.", "--1", "+1",
    "1,5",
    "1_000", "１", "100 W", "100%", "100 % %", "9 %x", "ERR!", "00000000000000000000000000000000001",
  ])
  func `what is no plain number in this unit is refused`(_ text: String) {
    #expect(cell(text).number(unit: "%") == nil)
  }

  @Test(
    arguments: [
      ("0 MiB", 0), ("1 MiB", 1_048_576), ("81559 MiB", 85_520_809_984), ("4188", 4_391_436_288),
    ] as [(String, UInt64)])
  func `memory is bytes of MiB`(_ text: String, _ bytes: UInt64) {
    #expect(cell(text).mebibytes == bytes)
  }

  @Test(arguments: [
    "17592186044416 MiB", "18446744073709551616", "-1 MiB", "1.5 MiB", "1 GiB", "1MiB", "MiB", "nan",
  ])
  func `memory that overflows or is in another unit is absent`(_ text: String) {
    #expect(cell(text).mebibytes == nil)
  }

  @Test func `the largest memory that fits is kept`() {
    #expect(cell("17592186044415 MiB").mebibytes == 18_446_744_073_708_503_040)
  }

  @Test func `a whole number neither has a sign nor overflows`() {
    #expect(cell(" 42 ").integer == 42)
    #expect(cell("9223372036854775807").integer == .max)
    for text in ["9223372036854775808", "-1", "1 %", "0x10", "1.0"] {
      #expect(cell(text).integer == nil, "\(text)")
    }
  }

  @Test func `losses and refusals are told apart in both forms`() {
    for phrase in ["GPU is lost", "GPU is inaccessible", "GPU requires reset"] {
      #expect(cell("[\(phrase)]").saysLost && cell(phrase).saysLost, "\(phrase)")
      #expect(!cell("[\(phrase)]").saysUnknownOrForbidden, "\(phrase)")
    }
    #expect(
      cell("[Insufficient Permissions]").saysForbidden && cell("Insufficient Permissions").saysForbidden)
    #expect(cell("[Unknown Error]").saysUnknownOrForbidden && !cell("[Unknown Error]").saysForbidden)
    for text in ["[N/A]", "", "0 MiB", "[GPU is lost", "GPU is lost now"] {
      #expect(
        !cell(text).saysLost && !cell(text).saysUnknownOrForbidden && !cell(text).saysForbidden, "\(text)")
    }
  }

  @Test func `invalid UTF-8 is replaced in text and kept in bytes`() {
    let cell = SMIValue([0x61, 0xFF, 0x62])
    #expect(cell.text == "a\u{FFFD}b")
    #expect(cell.value.map { [UInt8]($0) } == [0x61, 0xFF, 0x62])
  }
}
