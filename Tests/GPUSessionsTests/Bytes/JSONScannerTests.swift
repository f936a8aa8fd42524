import GPUSessions
import Testing

@Suite struct JSONScannerTests {
  private func isRead(_ text: String) -> Bool { JSONValue(Array(text.utf8)) != nil }

  @Test(arguments: [
    "0", "-0", "10", "-1.50", "1e9", "1E+9", "0.1e-12", "true", "false", "null", #""""#, "[]", "{}", " [ ] ",
    "\t{\r\n}\n",
    "[1,2,[3]]", #"{"a":{"b":[]},"c":null}"#, #"["\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t"]"#, #"["é😀"]"#,
  ])
  func takes(text: String) { #expect(isRead(text)) }

  @Test(arguments: [
    "", " ", "01", "+1", ".5", "1.", "1e", "1e+", "-", "--1", "0x1", "NaN", "Infinity", "tru", "truee", "nul",
    "True",
    "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{", "}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#,
    #"{a:1}"#,
    #"{"a":1 "b":2}"#, #"{1:2}"#, #"{"a":1]"#, "[]]", "[] x", "1 2", #"""#, #""a"#, #""\""#, #""\x""#, #""\u12g4""#,
    #""\u12""#, "\"\n\"", "\"\t\"", "\"\u{0}\"", "'a'", "// a\n1", "\u{FEFF}1",
  ])
  func refuses(text: String) { #expect(!isRead(text), "\(text)") }

  @Test func invalidUTF8IsRefused() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFE, 0xFF, 0, 0x31],
    ] {
      #expect(JSONValue(bytes) == nil)
    }
  }

  @Test func depthIsLimited() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(isRead(nested(512)) && !isRead(nested(513)))
    #expect(!isRead(String(repeating: "[", count: 1_000_000)))
    #expect(!isRead(String(repeating: #"{"":"#, count: 100_000)))
  }

  @Test func everyTornDocumentIsRefused() {
    let text = Array(#"{"a":[1.5e3,true,null,"b\u0041\"c"],"d":{"e":-0}}"#.utf8)
    #expect(JSONValue(text) != nil)
    for length in 0..<text.count { #expect(JSONValue(Array(text[..<length])) == nil, "\(length)") }
  }

  @Test func `each control character in a text is refused, and no other byte`() {
    for byte in UInt8(0x00)...0x7F where byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
      #expect((JSONValue([0x22, byte, 0x22]) != nil) == (byte >= 0x20), "\(byte)")
    }
  }
}
