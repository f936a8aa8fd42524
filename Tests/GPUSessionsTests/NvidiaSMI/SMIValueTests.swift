import GPUSessions
import Testing

@Suite struct SMIValueTests {
  private func value(_ text: String) -> SMIValue { SMIValue(octets(text)[...]) }

  /// Printed by the drivers 418 to 610.
  private static let nonValues = [
    "N/A", "Not Found", "Not Supported", "Insufficient Permissions", "Unknown Error", "GPU is lost",
    "GPU is inaccessible", "GPU requires reset", "Function Not Found",
    "Requested functionality has been deprecated",
  ]

  @Test(arguments: nonValues) func `a non-value is absent with and without brackets`(_ phrase: String) {
    for text in [phrase, "[\(phrase)]", " [\(phrase)] ", "\t\(phrase)\r"] {
      let value = value(text)
      #expect(value.value == nil, "\(text)")
      #expect(value.text.isEmpty && value.integer == nil && value.mebibytes == nil, "\(text)")
      #expect(value.number(unit: "%") == nil, "\(text)")
    }
  }

  @Test(arguments: ["", "   ", "-", "[]", "[something new of driver 700]"])
  func `empty, a dash and anything in brackets are absent`(_ text: String) {
    #expect(value(text).value == nil)
    #expect(value(text).number(unit: "W") == nil)
  }

  @Test(arguments: ["N/A2", "n/a", "[N/A", "N/A]", "None", "Default", "--", "./gpu_burn"])
  func `what only looks like a non-value is a value`(_ text: String) {
    #expect(value(text).text == text)
  }

  @Test(arguments: [
    ("100 %", "%", 100), ("433.78 W", "W", 433.78), ("45", "C", 45), ("0 %", "%", 0), ("123.31", "W", 123.31),
    (" 7 % ", "%", 7), ("100%", "%", 100), ("-40", "C", -40), ("-3.5", "C", -3.5), ("16384   MiB", "MiB", 16384),
  ])
  func `a number has its unit or none`(_ text: String, _ unit: String, _ number: Double) {
    #expect(value(text).number(unit: unit) == number)
  }

  @Test(arguments: [
    "nan", "NaN", "inf", "-inf", "infinity", "0x1F", "1e3", "1E3", "1.2.3", ".", "-", "-.", "--1", "+1",
    "1,5",
    "1_000", "１", "100 W", "100W", "100 % %", "9 %x", "ERR!", "00000000000000000000000000000000001",
  ])
  func `what is no plain number in this unit is refused`(_ text: String) {
    #expect(value(text).number(unit: "%") == nil)
  }

  @Test(
    arguments: [
      ("0 MiB", 0), ("1 MiB", 1_048_576), ("81559 MiB", 85_520_809_984), ("4188", 4_391_436_288),
      ("2296MiB", 2_407_530_496),
    ] as [(String, UInt64)])
  func `memory is bytes of MiB`(_ text: String, _ bytes: UInt64) {
    #expect(value(text).mebibytes == bytes)
  }

  @Test(arguments: [
    "17592186044416 MiB", "18446744073709551616", "-1 MiB", "1.5 MiB", "1 GiB", "1GiB", "MiB", "nan",
  ])
  func `memory that overflows or is in another unit is absent`(_ text: String) {
    #expect(value(text).mebibytes == nil)
  }

  @Test func `the largest memory that fits is kept`() {
    #expect(value("17592186044415 MiB").mebibytes == 18_446_744_073_708_503_040)
  }

  @Test func `a whole number neither has a sign nor overflows`() {
    #expect(value(" 42 ").integer == 42)
    #expect(value("9223372036854775807").integer == .max)
    for text in ["9223372036854775808", "-1", "1 %", "0x10", "1.0"] {
      #expect(value(text).integer == nil, "\(text)")
    }
  }

  @Test(
    arguments: [
      ("GPU is lost", .lostGPU), ("GPU is inaccessible", .lostGPU), ("GPU requires reset", .lostGPU),
      ("Insufficient Permissions", .insufficientPermissions), ("Unknown Error", .unknownError),
      ("N/A", .notAvailable), ("Not Found", .notAvailable), ("", .notAvailable), ("-", .notAvailable),
    ] as [(String, SMIValue.Absence)])
  func `the reason for an absent value is told with and without brackets`(
    _ phrase: String, _ absence: SMIValue.Absence
  ) {
    #expect(value(phrase).absence == absence && value("[\(phrase)]").absence == absence)
  }

  @Test(arguments: ["0 MiB", "[GPU is lost", "GPU is lost now", "insufficient permissions"])
  func `a value has no reason to be absent`(_ text: String) {
    #expect(value(text).absence == nil)
  }

  @Test func `a PID is from 1 to the largest that Linux has`() {
    #expect(value("1").pid == 1 && value(" 2147483647 ").pid == .max)
    for text in ["0", "-1", "2147483648", "9223372036854775808", "1 %", "[N/A]", ""] {
      #expect(value(text).pid == nil, "\(text)")
    }
  }

  @Test func `invalid UTF-8 is replaced in text and kept in bytes`() {
    let value = SMIValue([0x61, 0xFF, 0x62])
    #expect(value.text == "a\u{FFFD}b")
    #expect(value.value.map { [UInt8]($0) } == [0x61, 0xFF, 0x62])
  }
}
