import GPUSessions
import Testing

@Suite struct BytesTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func fieldsOmitNothing() {
    let colon = UInt8(ascii: ":")
    #expect(bytes("a::b:").fields(separatedBy: colon).map(\.text) == ["a", "", "b", ""])
    #expect(bytes("a:b:c:d").fields(separatedBy: colon, maxSplits: 2).map(\.text) == ["a", "b", "c:d"])
    #expect(bytes("a:b").fields(separatedBy: colon, maxSplits: -1).map(\.text) == ["a:b"])
    #expect(bytes("").fields(separatedBy: colon).map(\.text) == [""])
  }

  @Test func trimming() {
    #expect(bytes(" \t a b\r ").trimmed.text == "a b")
    #expect(bytes(" \t\r").trimmed.isEmpty)
    #expect(bytes("").trimmed.isEmpty)
    #expect(bytes("xx  a  ")[2...].trimmed.text == "a")
  }

  @Test func decimalTakesAllOrNothing() {
    #expect(bytes("0").decimal == 0)
    #expect(bytes("0042").decimal == 42)
    #expect(bytes("18446744073709551615").decimal == .max)
    for text in ["", "18446744073709551616", "99999999999999999999", "-1", "+1", "1 ", "1a", "０"] {
      #expect(bytes(text).decimal == nil, "\(text)")
    }
    #expect([UInt8](repeating: UInt8(ascii: "0"), count: 100_000).decimal == 0)
  }

  @Test func anIntegerFitsInt() {
    #expect(bytes("9223372036854775807").integer == .max && bytes("0").integer == 0)
    for text in ["9223372036854775808", "-1", "", "1 "] { #expect(bytes(text).integer == nil, "\(text)") }
  }

  @Test func fixedPointHasNoExponentAndOnePoint() {
    #expect(
      bytes("433.78").fixedPoint == 433.78 && bytes("-3.5").fixedPoint == -3.5 && bytes("45").fixedPoint == 45)
    #expect(bytes("x42y")[1..<3].fixedPoint == 42)
    #expect([UInt8](repeating: UInt8(ascii: "1"), count: 32).fixedPoint != nil)
    #expect([UInt8](repeating: UInt8(ascii: "1"), count: 33).fixedPoint == nil)
    for text in ["", "-", ".", "-.", "1.2.3", "1e3", "0x1F", "nan", "inf", "+1", "--1", "1 ", "１"] {
      #expect(bytes(text).fixedPoint == nil, "\(text)")
    }
  }

  @Test func comparesWithText() {
    let slice = bytes("--cri-containerd")[2...]
    #expect(slice.starts(with: "cri-") && slice.starts(with: "") && !slice.starts(with: "--"))
    #expect(slice.ends(with: "containerd") && slice.ends(with: "") && !slice.ends(with: "--cri-containerd"))
    #expect(slice.contains("-con") && slice.contains("") && !slice.contains("--"))
    #expect(bytes("aab").contains("ab") && !bytes("aa").contains("aab"))
    #expect(slice.equals("cri-containerd") && !slice.equals("cri") && bytes("").equals(""))
  }

  @Test func textReplacesInvalidBytes() {
    #expect(([0x61, 0xFF, 0x62] as [UInt8]).text == "a\u{FFFD}b")
  }

  @Test func hexDigits() {
    #expect(bytes("09afAF").isHex && !bytes("09afAF").isLowercaseHex && bytes("09af").isLowercaseHex)
    #expect(!bytes("").isHex && !bytes("").isLowercaseHex)
    for byte in UInt8.min...UInt8.max {
      let isDigit = bytes("0123456789abcdefABCDEF").contains(byte)
      #expect([byte].isHex == isDigit, "\(byte)")
      #expect([byte].isLowercaseHex == (isDigit && !bytes("ABCDEF").contains(byte)), "\(byte)")
    }
  }
}
