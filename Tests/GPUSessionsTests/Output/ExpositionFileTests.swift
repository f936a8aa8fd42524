import GPUSessions
import Testing

@Suite struct ExpositionFileTests {
  private func flaw(_ text: String) -> ExpositionFile.Flaw? {
    do throws(ExpositionFile.Flaw) {
      _ = try ExpositionFile(octets(text))
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      "", "\n", "# a remark\n", "#\n", "# HELP a\n", "# HELP a some text\n# TYPE a gauge\na 1\n", "a{} 1\n",
      "a:b_c{d=\"e\\\\\\\"\\n\",} -1.5e-3\n", "a NaN\n", "a +Inf\n", "a{b=\"}\"}\t1\n", "a  1 \n",
      "#HELP 1a\n", "# TYPES 1a b\n", "# HELP a:b_C9 x\n# TYPE _a summary\n", "A_:9 1\n",
    ])
  func `what node_exporter takes`(text: String) { #expect(flaw(text) == nil) }

  @Test(
    arguments: [
      "a\n", "a 1 2\n", "a one\n", "1a 1\n", "a{b=c} 1\n", "a{b=\"c} 1\n", "a{b=\"c\"x} 1\n", "a{b=\"\\t\"} 1\n",
      "a{1b=\"c\"} 1\n", "a{b=\"c\"\n", "a{b=\"c\"}1\n", "# TYPE a\n", "# TYPE a number\n", "# HELP\n", " a 1\n",
      "{a=\"b\"} 1\n", "a{b=\"c\\", "a 1\r2\n",
      "# HELP 1a text\n", "# HELP a-b text\n", "# TYPE 1a gauge\n", "# TYPE a-b gauge\n", "# TYPE a gauge x\n",
      "a-b 1\n", "/a 1\n",
    ])
  func `what it drops`(text: String) {
    #expect(flaw("ok 1\n\n" + text) == (text.hasSuffix("\n") ? .line(3) : .noFinalNewline))
  }

  @Test func `what the run says of itself`() throws {
    let file = try ExpositionFile(
      octets("gpu_session_collector_last_run_timestamp_seconds{a=\"b\"} 12.5\ngpu_session_collector_success 0\n"))
    #expect(file.lastRunSeconds == 12.5 && file.success == 0)
    let silent = try ExpositionFile(octets("gpu_session_collector_last_run_timestamp_seconds NaN\n"))
    #expect(silent.lastRunSeconds == nil && silent.success == nil)
  }

  @Test func `every expected file is one that node_exporter takes`() throws {
    for node in ["h100-mig-mixed", "odd-names", "driver-down", "installed"] {
      let bytes = readBytes("Fixtures/nodes/\(node)/expected.prom")
      #expect(!bytes.isEmpty && (try? ExpositionFile(bytes).lastRunSeconds) == 0)
    }
  }

  @Test(arguments: ["NaN", "+Inf", "-Inf", "1e999"]) func `a moment that is not finite is none`(value: String)
    throws
  {
    let name = "gpu_session_collector_last_run_timestamp_seconds"
    #expect(try ExpositionFile(octets("\(name) \(value)\n")).lastRunSeconds == nil)
    #expect(try ExpositionFile(octets("\(name) 3\n\(name) \(value)\n")).lastRunSeconds == 3)
  }

  @Test(arguments: ["#x TYPE a b\n", "## HELP\n", "#HELP\n", "#TYPE a\n", "# x TYPE\n"])
  func `only a hash that stands alone begins HELP and TYPE`(text: String) { #expect(flaw(text) == nil) }
}
