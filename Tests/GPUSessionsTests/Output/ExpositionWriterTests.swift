import GPUSessions
import Testing

@Suite struct ExpositionWriterTests {
  /// A file of one sample of `gpu_info` without its two header lines.
  private func line(_ labels: [(name: String, value: String?)], _ value: Double, constant: [Label] = [])
    throws -> String
  {
    var exposition = ExpositionWriter(constantLabels: constant)
    exposition.begin(try family("gpu_info"))
    exposition.sample(columns(labels), of: (), value)
    let lines = Array(exposition.bytes.lines())
    #expect(lines.count == 3)
    return try #require(lines.last).text
  }

  private func number(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(number: value)
    return bytes[...].text
  }

  private func columns(_ labels: [(name: String, value: String?)]) -> [Column<Void>] {
    labels.map { label in Column(label.name) { label.value } }
  }

  private func family(_ name: String) throws -> MetricFamily {
    try #require(catalogue.first { $0.name == name })
  }

  @Test func `labels stand in the order given and the constant ones last`() throws {
    let constant = [Label("cluster", "a"), Label("aaa", "b")]
    #expect(
      try line([("uuid", "GPU-1"), ("gpu", "0")], 1, constant: constant)
        == #"gpu_info{uuid="GPU-1",gpu="0",cluster="a",aaa="b"} 1"#)
    #expect(try line([], 1, constant: constant) == #"gpu_info{cluster="a",aaa="b"} 1"#)
  }

  @Test func `without labels there are no braces`() throws {
    #expect(try line([], 3) == "gpu_info 3")
    #expect(try line([("gpu", nil)], 3) == "gpu_info 3")
  }

  @Test func `a label that is nil is left out, an empty one is not`() throws {
    #expect(
      try line([("gpu", nil), ("pod", ""), ("uuid", nil), ("pid", "7")], 1) == #"gpu_info{pod="",pid="7"} 1"#)
  }

  @Test(arguments: [
    (#"a"b"#, #"a\"b"#), (#"\"#, #"\\"#), ("a\nb", #"a\nb"#), (#"\n"#, #"\\n"#), ("a\r\nb", "a\r\\nb"),
    ("\"\u{301}", "\\\"\u{301}"), ("\\\u{301}", "\\\\\u{301}"), ("\n\u{301}", "\\n\u{301}"),
    ("ünïcode {}=,#", "ünïcode {}=,#"), ("\t", "\t"), ("", ""),
  ])
  func `values are escaped by byte`(_ value: String, _ escaped: String) throws {
    var exposition = ExpositionWriter(constantLabels: [Label("b", value)])
    exposition.begin(try family("gpu_info"))
    exposition.sample(columns([]), of: (), 1)
    #expect(exposition.bytes.ends(with: "gpu_info{b=\"\(escaped)\"} 1\n"))
  }

  @Test(arguments: [
    (#"a"b"#, #"a\"b"#), (#"\"#, #"\\"#), ("a\nb", "a\u{FFFD}b"), (#"\n"#, #"\\n"#),
    ("a\r\nb", "a\u{FFFD}\u{FFFD}b"),
    ("\"\u{301}", "\\\"\u{301}"), ("ünïcode {}=,#", "ünïcode {}=,#"), ("\t", "\u{FFFD}"), ("", ""),
    (String(repeating: "é", count: 65), String(repeating: "é", count: 64)),
  ])
  func `values of others are cleaned, cut and escaped`(_ value: String, _ escaped: String) throws {
    #expect(try line([("pod", value)], 1) == "gpu_info{pod=\"\(escaped)\"} 1")
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-40, "-40"), (85_520_809_984, "85520809984"), (0.5, "0.5"),
      (433.78, "433.78"),
      (1.0 / 7, "0.14285714285714285"), (2.0 / 7, "0.2857142857142857"), (3.0 / 7, "0.42857142857142855"),
      (0.25, "0.25"), (9_007_199_254_740_991, "9007199254740991"), (1_784_019_644.742, "1784019644.742"),
    ] as [(Double, String)])
  func `a number is the shortest that reads back the same`(_ value: Double, _ text: String) {
    #expect(number(value) == text)
    #expect(Double(text) == value)
  }

  @Test(arguments: [1e300, .leastNonzeroMagnitude, 18_446_744_073_709_551_616, .pi, 1e16, -2.5e-7])
  func `any other number reads back the same`(_ value: Double) {
    #expect(Double(number(value)) == value)
  }

  @Test func `numbers with a few digits after the point read as Swift writes them`() {
    var mixed: UInt64 = 42
    for step in UInt64(1)...4_000 {
      mixed = mixed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let whole = Double(mixed >> (16 + step % 48))
      for value in [whole / 100, whole / 1000, (whole / 100).nextUp, (whole / 100).nextDown, -whole / 100] {
        let isWhole = value == value.rounded() && abs(value) <= 9_007_199_254_740_992
        #expect(number(value) == (isWhole ? "\(Int64(value))" : "\(value)"))
      }
    }
  }

  @Test func `a value to escape leaves what stands before it as it was`() throws {
    let before = (0..<40).map { (name: "l\($0)", value: String?.some("a b\($0)\"")) }
    let written = try line(before + [("last", "x\\y z")], 1)
    let expected = (0..<40).map { "l\($0)=\"a b\($0)\\\"\"" }.joined(separator: ",")
    #expect(written == "gpu_info{\(expected),last=\"x\\\\y z\"} 1")
  }

  @Test func `HELP and TYPE come once, before the first sample, and not without one`() throws {
    var exposition = ExpositionWriter(constantLabels: [])
    exposition.begin(try family("gpu_info"))
    exposition.begin(try family("gpu_session_count"))
    exposition.sample(columns([("gpu", "0")]), of: (), 1)
    exposition.sample(columns([("gpu", "1")]), of: (), 2)
    exposition.begin(try family("gpu_total_sessions"))
    exposition.sample([], of: (), 3)
    let lines = exposition.bytes.lines().map(\.text)
    #expect(lines.count == 7)
    #expect(lines[0].hasPrefix("# HELP gpu_session_count ") && lines[1] == "# TYPE gpu_session_count gauge")
    #expect(lines[2...3] == ["gpu_session_count{gpu=\"0\"} 1", "gpu_session_count{gpu=\"1\"} 2"])
    #expect(lines[4].hasPrefix("# HELP gpu_total_sessions ") && lines[5] == "# TYPE gpu_total_sessions gauge")
    #expect(lines[6] == "gpu_total_sessions 3")
    #expect(exposition.bytes.last == UInt8(ascii: "\n"))
  }

  @Test func `nothing is written without a family`() {
    var exposition = ExpositionWriter(constantLabels: [])
    exposition.sample(columns([("gpu", "0")]), of: (), 1)
    #expect(exposition.bytes.isEmpty)
  }

  @Test func `a whole number has an exponent beyond the last that a Double counts to`() {
    let last = Double(1 << 53)
    #expect(
      number(last) == "9007199254740992" && number(-last) == "-9007199254740992")
    for value in [last + 2, -last - 2, 1e18] { #expect(number(value) == value.description) }
  }
}
