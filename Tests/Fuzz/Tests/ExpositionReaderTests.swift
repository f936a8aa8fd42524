import FuzzProperties
import Testing

/// The reader that judges what is published must itself tell right from wrong.
@Suite struct ExpositionReaderTests {
  private static let header = "# HELP a Some help.\n# TYPE a gauge\n"

  private func read(_ text: String) throws(ExpositionReader.Malformed) -> [ExpositionReader.Sample] {
    try ExpositionReader(Array(text.utf8)).samples
  }

  @Test func `labels and values are read`() throws {
    let samples = try read(Self.header + #"a{b="x\\y\"z\n ü,}",c=""} -1.5e-07"# + "\n" + "a 3\n")
    #expect(samples.map(\.labels) == [["b": "x\\y\"z\n ü,}", "c": ""], [:]])
    #expect(samples.map(\.value) == [-1.5e-07, 3])
  }

  @Test(arguments: [
    "a 1\n": "a is outside of its family", header + "b 1\n": "b is outside of its family",
    header + "a 1\na 2\n": "a series twice", header + "a{b=\"\"} 1\na 2\n": "a series twice",
    header + "a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n": "a series twice",
    header + "a{b=\"1\",b=\"2\"} 1\n": "a label twice", header + "a 1": "no line feed at the end",
    header + "a NaN\n": "no number", header + "a 1 1700000000\n": "no number", header + "a\n": "expected  ",
    header + "a{b=\"x\ny\"} 1\n": "a label value without end",
    header + "a{b=\"\\t\"} 1\n": "a backslash that escapes nothing",
    header + "a{b=\"1\",} 1\n": "no name", header + "a{} 1\n": "no name", header + "a{1=\"\"} 1\n": "no name",
    header + "a{b=\"1\" } 1\n": "expected }", header + "\n": "no name",
    header + header: "the family a is there twice",
    "# TYPE a gauge\na 1\n": "expected  gauge", "# HELP a x\na 1\n": "a is outside of its family",
    "# HELP a x\n# TYPE a counter\n": "expected a gauge",
  ])
  func `what is wrong is said`(_ text: String, _ what: String) {
    let error = #expect(throws: ExpositionReader.Malformed.self) { try read(text) }
    #expect(error?.what == what)
  }

  @Test func `invalid UTF-8 is wrong`() {
    let file = Array((Self.header + "a{b=\"").utf8) + [0xC3] + Array("\"} 1\n".utf8)
    #expect(throws: ExpositionReader.Malformed(line: 3, what: "invalid UTF-8")) { try ExpositionReader(file) }
  }
}
