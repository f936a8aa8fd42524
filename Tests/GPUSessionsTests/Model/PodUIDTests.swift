import Testing

@testable import GPUSessions

@Suite struct PodUIDTests {
  @Test(arguments: [
    "7922aa99-d4aa-4885-a953-82976860b23a", "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-ffff-FFFF-ffff-ffffFFFFffff",
    "6576683a93d91d8e2119df2c2755f2f1", "0123456789abcdefABCDEF9876543210", "01234567-89ab-cdef-0ABC-DEF012345678",
  ])
  func isSpelledAsItWas(text: String) {
    #expect(PodUID(text)?.text == text)
  }

  @Test func everyDigitCounts() throws {
    let text = "01234567-89ab-cdef-0123-456789abcdef"
    for digits in ["-", ""] {
      let whole = text.split(separator: "-").joined(separator: digits)
      var seen = Set([try #require(PodUID(whole))])
      for place in whole.indices where whole[place] != "-" {
        for other in ["8", "A", "a", "F"] where String(whole[place]) != other {
          let changed = whole.replacingCharacter(at: place, with: other)
          let uid = try #require(PodUID(changed))
          #expect(seen.insert(uid).inserted && uid.text == changed)
        }
      }
    }
  }

  @Test func underscoresStandForDashesWhereTheyMay() {
    let escaped = "7922aa99_d4aa_4885-a953_82976860b23a"
    let uid = PodUID(Array(escaped.utf8)[...], allowingUnderscores: true)
    #expect(PodUID(escaped) == nil && uid?.text == "7922aa99-d4aa-4885-a953-82976860b23a")
    #expect(
      uid == PodUID("7922aa99-d4aa-4885-a953-82976860b23a") && uid != PodUID("7922aa99d4aa4885a95382976860b23a"))
  }

  @Test func theCaseOfLettersCanBePassedOver() throws {
    let uid = try #require(PodUID("7922aa99-d4aa-4885-a953-82976860b23a"))
    let upper = try #require(PodUID("7922AA99-D4AA-4885-A953-82976860B23A"))
    #expect(uid != upper && uid.hasSameDigits(as: upper) && upper.hasSameDigits(as: uid))
    for other in ["7922aa99d4aa4885a95382976860b23a", "7922aa98-d4aa-4885-a953-82976860b23a"] {
      #expect(!uid.hasSameDigits(as: try #require(PodUID(other))))
    }
  }

  @Test func anyOtherByteIsNone() {
    for valid in ["7922aa99-d4aa-4885-a953-82976860b23a", "7922aa99d4aa4885a95382976860b23a"] {
      let bytes = Array(valid.utf8)
      for place in bytes.indices {
        for byte in UInt8.min...UInt8.max {
          var changed = bytes
          changed[place] = byte
          let isDigit = "0123456789abcdefABCDEF".utf8.contains(byte)
          let isRight = bytes[place] == UInt8(ascii: "-") ? byte == UInt8(ascii: "-") : isDigit
          #expect((PodUID(changed[...]) != nil) == isRight, "\(byte) at \(place)")
        }
      }
      #expect(PodUID(bytes.dropLast()) == nil && PodUID((bytes + bytes.suffix(1))[...]) == nil)
    }
    #expect(PodUID("") == nil)
  }
}

extension String {
  fileprivate func replacingCharacter(at place: Index, with other: String) -> String {
    self[..<place] + other + self[index(after: place)...]
  }
}
