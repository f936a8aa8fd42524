import GPUSessions
import Testing

@Suite struct OutsideTextTests {
  @Test(arguments: [
    "\u{0}", "\u{7}", "\t", "\n", "\r", "\u{1B}", "\u{7F}", "\u{80}", "\u{85}", "\u{9B}",  // C0, DEL, C1
    "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{200E}",  // direction of writing
    "\u{200B}", "\u{200D}", "\u{FEFF}", "\u{2060}", "\u{AD}", "\u{E0041}",  // no width
    "\u{E001D}", "\u{2065}", "\u{FE0F}", "\u{E0100}", "\u{34F}",  // kept by Unicode for more of these, variations
    "\u{3164}", "\u{115F}", "\u{1160}", "\u{2800}", "\u{FFA0}",  // letters that print as blanks
    "\u{E000}", "\u{F8FF}", "\u{F0000}", "\u{2028}", "\u{2029}",  // private, separators
  ])
  func `characters that mislead are replaced, each by one`(character: String) {
    #expect("a\(character)b".outsideText == "a\u{FFFD}b")
    #expect("\(character)\(character)".outsideText == "\u{FFFD}\u{FFFD}")
    #expect("é\(character)".printable == "é\u{FFFD}")
  }

  @Test func `printable ASCII and letters of any language stay`() {
    let ascii = String(decoding: Array(UInt8(0x20)...0x7E), as: UTF8.self)
    #expect(ascii.outsideText == ascii && "".outsideText == "")
    for text in ["memhög", "訓練", "обучение", "훈련", "e\u{301}", "train-😀", "\u{FFFD}", "a\u{A0}b", "\u{3000}"] {
      #expect(text.outsideText == text)
    }
  }

  @Test func `bytes that are not UTF-8 are replaced too`() {
    #expect(Array<UInt8>([0x61, 0xFF, 0x62, 0xC3])[...].text.outsideText == "a\u{FFFD}b\u{FFFD}")
  }

  @Test(arguments: [0, 1, 127, 128, 129, 300, 10_000]) func `a text of more than 128 bytes is cut`(count: Int) {
    #expect(String(repeating: "a", count: count).outsideText.utf8.count == min(count, 128))
  }

  @Test(arguments: ["é", "訓", "😀"]) func `it is cut at a character`(character: String) {
    let width = character.utf8.count
    for lead in 0..<5 {
      let text = String(repeating: "a", count: lead) + String(repeating: character, count: 200)
      let cut = text.outsideText
      #expect(text.hasPrefix(cut) && cut.utf8.count <= 128 && cut.utf8.count > 128 - width, "\(lead)")
    }
    let fits = String(repeating: "a", count: 128 - width) + character
    #expect(fits.outsideText == fits && (fits + "a").outsideText == fits)
  }

  @Test func `what is replaced counts with its replacement`() {
    #expect(String(repeating: "\u{1}", count: 128).outsideText == String(repeating: "\u{FFFD}", count: 42))
  }

  @Test func `a label that the administrator sets is neither cut nor cleaned`() throws {
    let long = String(repeating: "x", count: 300) + "\u{202E}\u{3164}"
    var exposition = ExpositionWriter(constantLabels: [Label("site", long)])
    exposition.begin(try #require(catalogue.first { $0.name == "gpu_info" }))
    exposition.sample([Column<Void>("name") { long }], of: (), 1)
    let expected = "gpu_info{name=\"\(String(repeating: "x", count: 128))\",site=\"\(long)\"} 1\n"
    #expect(exposition.bytes.ends(with: expected))
    let run = FakeRun(FakeHost.node([FakeProcess(pid: 100)]), ["--label", "site=" + String(long.prefix(300))])
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0\",site=\"\(long.prefix(300))\"} 1"])
  }
}

/// What nodes publish and show of texts that a workload has chosen.
@Suite struct PublishedOutsideTextTests {
  private func node(command: String = "python3", unit: String = "a", user: String = "ada") -> FakeHost {
    let node = FakeHost.node([FakeProcess(pid: 100, name: "/x/" + command)])
    node.addProcess(100, cgroup: "0::/system.slice/\(unit).service\n")
    node.write("/etc/passwd", "\(user):x:1000:1000:::\n")
    return node
  }

  private func shown(_ node: FakeHost, _ arguments: [String] = []) -> String {
    node.environment["COLUMNS"] = "1000"
    _ = run(["show"] + arguments, node.host)
    return String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)
  }

  @Test(arguments: ["train\u{3164}\u{202E}x", "a\u{9B}31m", "b\u{2028}c", "\u{E000}\u{200B}", "訓練\u{FFA0}"])
  func `file, JSON and table agree on a cleaned name`(command: String) {
    let cleaned = command.outsideText
    #expect(cleaned != command)
    let file = FakeRun(node(command: command)).file
    #expect(file.rows("gpu_process_info").first?.contains("command=\"\(cleaned)\"") == true)
    #expect(shown(node(command: command), ["--json"]).contains("\"command\": \"\(cleaned)\""))
    let table = shown(node(command: command))
    #expect(table.contains(cleaned) && !table.contains(command))
  }

  @Test func `file and JSON agree on a text that is cut`() {
    let unit = String(repeating: "é", count: 200)
    let cut = String(repeating: "é", count: 64)
    let row = FakeRun(node(unit: unit)).file.rows("gpu_process_info").first ?? ""
    #expect(row.contains("unit=\"\(cut)\""))
    #expect(shown(node(unit: unit), ["--json"]).contains("\"unit\": \"\(cut)\""))
  }

  @Test func `the name of a user is cleaned as well`() {
    let user = "ada\u{1B}[31m\u{3164}"
    #expect(
      FakeRun(node(user: user)).file.rows("gpu_process_info").first?.contains("user=\"ada\u{FFFD}[31m\u{FFFD}\"")
        == true)
    for text in [shown(node(user: user)), shown(node(user: user), ["--json"])] {
      #expect(text.contains("ada\u{FFFD}[31m\u{FFFD}") && !text.contains("\u{1B}"))
    }
  }
}
