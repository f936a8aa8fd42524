import Testing

@testable import GPUSessions

@Suite struct PublishedSampleTests {
  private func sample(_ line: String) -> PublishedSample? { PublishedSample(afterName: octets(line)[...]) }

  @Test func `a sample has labels, a value and a time`() throws {
    let sample = try #require(self.sample("{gpu=\"0\",pid=\"7\",job=\"x\"} 1.5e+01 1700000000250"))
    #expect(sample.labels["gpu"] == "0" && sample.labels["pid"] == "7" && sample.labels.all.count == 2)
    #expect(sample.value == 15 && sample.timestamp == 1_700_000_000.25)
  }

  @Test(arguments: [
    " 1", "\t1", "{} 1", "{}1", "{ gpu = \"0\" , } 1", "{gpu=\"0\",} 1 1700000000.5", "{\"gpu\"=\"0\"} 1",
    "{\"a.b\"=\"c\",gpu=\"0\"} +Inf", "{gpu=\"0\"} NaN -5", "{gpu=\"0\"} 1 # {trace=\"x\"} 2",
    "{gpu=\"0\"} 1 2 # {trace=\"x\"} 2",
  ])
  func `forms that the format allows are read`(line: String) { #expect(sample(line) != nil) }

  @Test(arguments: [
    "", "{", "{}", "{gpu} 1", "{gpu=0} 1", "{gpu=\"0} 1", "{gpu=\"\\x\"} 1", "{gpu=\"\\", "{=\"0\"} 1",
    "{gpu=\"0\" 1",
    "{gpu=\"0\"\"1\"} 1", "{gpu=\"0\",gpu=\"1\"} 1", "{gpu=\"0\"} one", "{gpu=\"0\"} 1 now", "{gpu=\"0\"} 1 2 3",
    "{gpu=\"0\"} 1 NaN", "{gpu=\"0\"}", "{,} 1", "{\"gpu} 1",
  ])
  func `what is not of the format is no sample`(line: String) { #expect(sample(line) == nil) }

  @Test func `OpenMetrics has seconds, the text format milliseconds`() {
    #expect(sample(" 1 1700000000.125")?.timestamp == 1_700_000_000.125)
    #expect(sample(" 1 1700000000")?.timestamp == 1_700_000_000)
    #expect(sample(" 1 1700000000125")?.timestamp == 1_700_000_000.125)
    #expect(sample(" 1")?.timestamp == nil)
  }

  @Test func `escapes are undone and hostile text is cleaned`() {
    func command(_ text: String) -> String? { sample("{command=\"\(text)\"} 1")?.labels["command"] }
    #expect(command("a\\\\b\\\"c") == "a\\b\"c")
    #expect(command("a\\nb\u{1B}[2J\u{202E}") == "a\u{FFFD}b\u{FFFD}[2J\u{FFFD}")
    #expect(command(String(repeating: "x", count: 200))?.utf8.count == 128)
    let broken = octets("{command=\"a") + [0xFF, 0xFE] + octets("\"} 1")
    #expect(PublishedSample(afterName: broken[...])?.labels["command"] == "a\u{FFFD}\u{FFFD}")
  }

  @Test func `whole numbers are only whole numbers`() {
    #expect(sample(" 1073741824")?.whole == 1 << 30)
    for value in ["-1", "1.5", "NaN", "+Inf", "1e300"] { #expect(sample(" " + value)?.whole == nil) }
    #expect(sample(" NaN")?.figure == nil && sample(" -Inf")?.figure == nil && sample(" 2.5")?.figure == 2.5)
  }
}
