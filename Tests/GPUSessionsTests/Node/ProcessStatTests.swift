import Testing

@testable import GPUSessions

@Suite struct ProcessStatTests {
  private let tail = "4194304 1 2 3 4 5 6 7 8 20 0 1 0 8675309 1000 2 18446744073709551615 1\n"

  private func stat(_ text: String) -> ProcessStat? { ProcessStat(Array(text.utf8)) }

  @Test func readsTheFields() throws {
    let found = try #require(stat("4242 (python3) R 17 4242 17 34816 4242 \(tail)"))
    #expect(found.comm == Array("python3".utf8))
    #expect(found.state == UInt8(ascii: "R"))
    #expect(found.parent == 17)
    #expect(found.startTicks == 8_675_309)
  }

  @Test(arguments: ["a) R 1 (b", "a\"b\\c\nd)e", ") Z 1 2 3", "()", "", " "])
  func theNameEndsAtTheLastParenthesis(comm: String) throws {
    let found = try #require(stat("1 (\(comm)) S 0 1 1 0 -1 \(tail)"))
    #expect(found.comm == Array(comm.utf8))
    #expect(found.state == UInt8(ascii: "S"))
    #expect(found.startTicks == 8_675_309)
  }

  /// Between the parent and the start there are seventeen, which are passed over.
  @Test func fieldsMayBeOfAnyLength() throws {
    for length in 0...24 {
      let fields = (0..<17).map { String(repeating: $0 % 3 == 0 ? "!" : "7", count: ($0 + length) % 12) }
      let line = "1 (a) S 17 \(fields.joined(separator: " ")) 8675309 1000"
      let found = try #require(stat(line), "\(line)")
      #expect(found.startTicks == 8_675_309 && found.parent == 17)
    }
  }

  @Test func keepsInvalidUTF8OfTheName() throws {
    let bytes = Array("1 (a".utf8) + [0xFF, 0x0A] + Array(") S 0 1 1 0 -1 \(tail)".utf8)
    #expect(try #require(ProcessStat(bytes)).comm == [0x61, 0xFF, 0x0A])
  }

  @Test(arguments: [
    "", "(", ")", ")(", "1 (a)", "1 (a) ", "1 (a) R", "1 (a)R 1", "1 (a) R 1 1 1 0 -1 4194304",
    "1 (a) RR 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5 1000",
    "1 (a) R 2147483648 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5 1000",
    "1 (a) R 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 18446744073709551616 1000",
    "1 (a) R 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 -5 1000",
    "1 (a) R 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5",
  ])
  func givesNothingForOtherForms(text: String) {
    #expect(stat(text) == nil)
  }

  @Test func takesAnyBytes() {
    #expect(ProcessStat([UInt8](repeating: UInt8(ascii: ")"), count: 1_000_000)) == nil)
    #expect(ProcessStat((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 131) }) == nil)
  }
}
