import GPUSessions
import Testing

@Suite struct CheckReportTests {
  private func printed(_ node: FakeHost, _ arguments: String...) -> (status: GPUSessions.ExitStatus, text: String) {
    let status = run(["check"] + arguments, node.host)
    return (status, String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self))
  }

  private func neglected() -> FakeHost {
    let node = FakeHost.installed()
    node.publish(secondsAgo: 60, success: 0)
    node.directories[FakeHost.textfiles] = .names(["gpu_sessions.prom", "gpu.prom"])
    node.write(FakeHost.textfiles + "/gpu.prom", "gpu_total_sessions 1\n")
    return node
  }

  @Test func `aligned lines, the advice below, the tally last`() {
    let (status, text) = printed(neglected())
    #expect(status == .failure)
    let margin = String(repeating: " ", count: 26)
    #expect(text.contains("pass  clock               2027-01-15 08:16 UTC\n"))
    #expect(
      text.contains(
        "warn  published-file      written 59s ago by a run that could not read everything\n"
          + "\(margin)sudo gpu-sessions --verbose --output -\n"))
    #expect(text.contains("\n\(margin)stop what writes it, then: sudo rm \(FakeHost.textfiles)/gpu.prom\n"))
    #expect(text.hasSuffix("\n14 pass, 1 warn, 1 fail, 0 skip\n"))
  }

  @Test func `warnings alone are no failure`() {
    let node = FakeHost.installed()
    node.publish(secondsAgo: 60, success: 0)
    #expect(printed(node).status == .success)
  }

  @Test func `quiet says only what warns or fails, verbose what was asked`() {
    let node = FakeHost.installed()
    node.isTerminated = false
    #expect(printed(node, "--quiet") == (.success, ""))
    let text = printed(neglected(), "--quiet").text
    #expect(text.hasPrefix("warn  published-file") && text.hasSuffix("gpu.prom\n"))
    #expect(text.split(separator: "\n").count == 4)
    let loud = printed(FakeHost.installed(), "--verbose").text
    for check in Check.all { #expect(loud.contains("  \(check.title) 0.0 s\n"), "\(check.name)") }
  }

  @Test func `colour is for terminals whose user wants it`() {
    let node = neglected()
    node.terminalWidth = 40
    let text = printed(node).text
    for part in ["\u{1B}[32mpass", "\u{1B}[33mwarn", "\u{1B}[31mfail"] { #expect(text.contains(part)) }
    let plain = neglected()
    plain.terminalWidth = 40
    plain.environment["NO_COLOR"] = "1"
    #expect(!printed(plain).text.contains("\u{1B}") && !printed(neglected()).text.contains("\u{1B}"))
  }

  @Test func `nothing from outside breaks a line or reaches the terminal`() {
    let node = FakeHost.installed()
    let evil = "/x\u{1B}[2J\n\r\u{9B}31m\u{202E}fail  clock"
    node.addExporter(["--collector.textfile.directory=" + evil])
    node.directories[FakeHost.textfiles] = .names(["gpu_sessions.prom.\u{1B}c\nfail"])
    node.answers[.gpus]?[0].standardOutput = Array(
      FakeGPU.table([.init(index: 0)]).replacing("590.48.01", with: "5\u{1B}[31m\u{7}9").utf8)
    let text = printed(node).text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(text.contains("\u{FFFD}"))
    #expect(lines.filter { !$0.isEmpty && !$0.hasPrefix("      ") }.count == Check.all.count + 1)
    #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value)) })
    #expect(!text.contains("\u{202E}"))
  }

  @Test func `the object has every check, null for no advice, and the tally`() {
    let (status, text) = printed(neglected(), "--json")
    #expect(status == .failure)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == Check.all.count + 11)
    #expect(
      lines[2]
        == #"    {"name": "nvidia-smi", "title": "Is nvidia-smi there, and which?", "result": "pass", "#
        + #""seen": "/usr/bin/nvidia-smi", "advice": null, "duration_seconds": 0, "limit_seconds": 5},"#)
    #expect(lines[3].hasSuffix("\"limit_seconds\": 45},"))
    #expect(lines.contains("    \"fail\": 1,") && lines.contains("  \"version\": \"\(version)\""))
  }

  @Test func `a check that takes longer than it may says so`() throws {
    let node = FakeHost.installed()
    node.spawnSpans = [50 * Nanoseconds.perSecond]
    let finding = try node.finding("devices", "--timeout=60")
    #expect(says(finding, .warn, "2 GPUs; it took 100.0 s, more than its limit of 5.0 s"))
  }

  @Test func `asked to end, what is left does not run`() {
    let node = FakeHost.installed()
    node.answers[.apps] = [ChildOutcome(end: .terminated)]
    let (status, text) = printed(node)
    #expect(status == .failure)
    #expect(
      text.contains("fail  answer              stopped by SIGTERM or SIGINT before the collection was complete\n"))
    #expect(text.contains("skip  clock               stopped by SIGTERM or SIGINT before this check\n"))
    let early = FakeHost.installed()
    early.isTerminated = true
    #expect(printed(early).status == .failure && early.spawned.isEmpty)
  }

  @Test func `standard output that cannot be written is said`() {
    let node = FakeHost.installed()
    node.isStandardOutputBroken = true
    #expect(printed(node).status == .cannotCreate)
    #expect(node.errors == "gpu-sessions: error: standard output cannot be written\n")
  }
}
