import GPUSessions
import Testing

@Suite struct JSONWriterTests {
  private func text(_ value: JSONOutput) -> String { String(decoding: JSONWriter(value).bytes, as: UTF8.self) }

  @Test func `texts are escaped by byte`() {
    #expect(text(.string("a\"b\\c/")) == "\"a\\\"b\\\\c/\"\n")
    #expect(text(.string("\0\n\r\t\u{1B}\u{7F}")) == "\"\\u0000\\u000a\\u000d\\u0009\\u001b\\u007f\"\n")
    #expect(text(.string("é漢😀\u{2028}\u{FFFD}\u{301}")) == "\"é漢😀\u{2028}\u{FFFD}\u{301}\"\n")
  }

  @Test func `what is not known is null`() {
    #expect(text(.known(String?.none)) == "null\n" && text(.known("")) == "null\n")
    #expect(text(.known(Double?.none)) == "null\n" && text(.known(UInt64?.none)) == "null\n")
    #expect(text(.known(Double.nan)) == "null\n" && text(.known(Double.infinity)) == "null\n")
    #expect(text(.known("-")) == "\"-\"\n" && text(.known(0.0)) == "0\n")
  }

  @Test func `numbers read back as the same`() {
    #expect(text(.known(UInt64(85_520_809_984))) == "85520809984\n")
    #expect(text(.number(5.676424050632911)) == "5.676424050632911\n")
  }

  @Test func `the outer two levels have a line for each element`() {
    let object = JSONOutput.object([
      ("empty", .array([])), ("rows", .array([.object([("a", .number(1)), ("b", .bool(true))]), .null])),
    ])
    #expect(text(object) == "{\n  \"empty\": [],\n  \"rows\": [\n    {\"a\": 1, \"b\": true},\n    null\n  ]\n}\n")
    #expect(text(.object([])) == "{}\n")
  }
}
