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

  /// A file and what is wrong with it.
  struct Wrong: Sendable {
    var file: String
    var what: String

    init(_ file: String, _ what: String) {
      self.file = file
      self.what = what
    }
  }

  private static let wrong: [Wrong] = [
    Wrong("a 1\n", "a is outside of its family"),
    Wrong(header + "b 1\n", "b is outside of its family"),
    Wrong(header + "a 1\na 2\n", "a series twice"),
    Wrong(header + "a{b=\"\"} 1\na 2\n", "a series twice"),
    Wrong(header + "a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n", "a series twice"),
    Wrong(header + "a{b=\"1\",b=\"2\"} 1\n", "a label twice"),
    Wrong(header + "a 1", "no line feed at the end"),
    Wrong(header + "a NaN\n", "no number"),
    Wrong(header + "a 1 1700000000\n", "no number"),
    Wrong(header + "a\n", "expected  "),
    Wrong(header + "a{b=\"x\ny\"} 1\n", "a label value without end"),
    Wrong(header + "a{b=\"\\t\"} 1\n", "a backslash that escapes nothing"),
    Wrong(header + "a{b=\"1\",} 1\n", "no name"),
    Wrong(header + "a{} 1\n", "no name"),
    Wrong(header + "a{1=\"\"} 1\n", "no name"),
    Wrong(header + "a{b=\"1\" } 1\n", "expected }"),
    Wrong(header + "\n", "no name"),
    Wrong(header + header, "the family a is there twice"),
    Wrong("# TYPE a gauge\na 1\n", "expected  gauge"),
    Wrong("# HELP a x\na 1\n", "a is outside of its family"),
    Wrong("# HELP a x\n# TYPE a counter\n", "expected a gauge"),
  ]

  @Test(arguments: wrong) func `what is wrong is said`(_ wrong: Wrong) {
    let error = #expect(throws: ExpositionReader.Malformed.self) { try read(wrong.file) }
    #expect(error?.what == wrong.what)
  }

  @Test func `invalid UTF-8 is wrong`() {
    let file = Array((Self.header + "a{b=\"").utf8) + [0xC3] + Array("\"} 1\n".utf8)
    let error = #expect(throws: ExpositionReader.Malformed.self) { try ExpositionReader(file) }
    #expect(error?.line == 3 && error?.what == "invalid UTF-8")
  }
}
