import GPUSessions
import Testing

@Suite struct LiveViewTests {
  private let enter = "\u{1B}[?1049h"
  private let leave = "\u{1B}[?1049l"
  private let driverDown = ChildOutcome.text(
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", exit: 9)

  private func node(isTerminal: Bool = true) -> FakeHost {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.environment["NO_COLOR"] = "1"
    if isTerminal { (node.terminalWidth, node.terminalHeight) = (100, 24) }
    return node
  }

  private func shown(_ node: FakeHost, _ more: String...) -> (status: GPUSessions.ExitStatus, text: String) {
    let status = run(["show", "--interval", "2"] + more, node.host)
    return (status, String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self))
  }

  /// The drawings, in order: each begins at the top of the screen.
  private func drawings(_ text: String) -> [String] {
    text.components("\u{1B}[H").dropFirst().filter { $0.contains("UTC") }
  }

  @Test func `the screen is entered once and left once, and drawn at each tick`() {
    let node = node()
    let (status, text) = shown(node, "--for", "5")
    #expect(status == .success && node.errors == "" && node.published.isEmpty)
    #expect(text.hasPrefix(enter) && text.hasSuffix(leave) && text.components(enter).count == 2)
    #expect(drawings(text).count == 3)
    #expect(drawings(text).allSatisfy { $0.contains("GPU 0") && $0.contains(" 100 ") })
  }

  @Test func `a process that has ended is marked once`() throws {
    let node = node()
    let empty = try #require(FakeHost.node([]).answers[.apps]?.first)
    node.answers[.apps] = (node.answers[.apps] ?? []) + [empty]
    for query in [FakeHost.Query.table, .pmon] {
      node.answers[query] = (node.answers[query] ?? []) + (FakeHost.node([]).answers[query] ?? [])
    }
    let pictures = drawings(shown(node, "--for", "5").text)
    #expect(pictures.map { $0.contains("  -  ") && $0.contains(" 100 ") } == [false, true, false])
  }

  @Test func `a signal ends it with the last status`() {
    let node = node()
    node.signalledSleep = 3
    let (status, text) = shown(node)
    #expect(status == .success && text.hasSuffix(leave) && node.errors == "")
  }

  @Test func `a signal before anything is drawn is a failure`() {
    let node = node()
    node.answers[.gpus] = [ChildOutcome(end: .terminated)]
    let (status, text) = shown(node)
    #expect(status == .failure && text.hasSuffix(leave))
    #expect(node.errors == "gpu-sessions: error: \(CollectionFailure.terminated.sentence)\n")
  }

  @Test func `a failure is a sentence on the screen, and at the end on standard error`() throws {
    let node = node()
    let good = try #require(node.answers[.gpus]?.first)
    node.answers[.gpus] = [good, driverDown, good]
    #expect(drawings(shown(node, "--for", "5").text).map { $0.contains("error: ") } == [false, true, false])
    #expect(node.errors == "")
    let broken = self.node()
    broken.answers[.gpus] = [good, driverDown]
    #expect(shown(broken, "--for", "5").status == .failure)
    #expect(broken.errors.hasPrefix("gpu-sessions: error: ") && broken.errors.utf8.count { $0 == 10 } == 1)
  }

  @Test func `another size of the terminal is drawn at once`() {
    let node = node()
    let host = node.host
    var resized = host
    resized.sleep = { until in
      node.terminalWidth = 60
      return host.sleep(until)
    }
    _ = run(["show", "--interval", "10", "--for", "5"], resized)
    #expect(node.sleeps.isEmpty)
    _ = run(["show", "--interval", "10", "--for", "15"], resized)
    let text = String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)
    #expect(drawings(text).count == 4 && node.spawned.count == 3)
  }

  @Test func `without a terminal tables follow each other`() {
    let node = node(isTerminal: false)
    let (status, text) = shown(node, "--for", "5")
    #expect(status == .success && !text.contains("\u{1B}"))
    #expect(text.components("\n\nGPU 0").count == 3 && text.hasPrefix("GPU 0"))
    let objects = self.node()
    #expect(shown(objects, "--for", "3", "--json").text.components("\n}\n{\n").count == 2)
  }

  @Test func `a reader that is gone ends it`() {
    let node = node(isTerminal: false)
    node.isStandardOutputBroken = true
    #expect(shown(node).status == .cannotCreate)
    #expect(node.errors == "gpu-sessions: error: standard output cannot be written\n")
  }

  @Test func `the interval does not shorten the time limit`() {
    let node = node()
    let begin = node.now
    _ = shown(node, "--for", "1")
    #expect(node.spawned.first?.deadline == begin + 45 * Nanoseconds.perSecond)
  }
}

extension String {
  /// The parts between occurrences of a text.
  fileprivate func components(_ separator: String) -> [String] {
    var parts: [String] = []
    var part: [UInt8] = []
    let (bytes, end) = (Array(utf8), Array(separator.utf8))
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: end) {
        parts.append(String(decoding: part, as: UTF8.self))
        part = []
        index += end.count
      } else {
        part.append(bytes[index])
        index += 1
      }
    }
    return parts + [String(decoding: part, as: UTF8.self)]
  }
}
