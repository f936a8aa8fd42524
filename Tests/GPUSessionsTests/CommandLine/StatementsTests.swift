import Testing

@testable import GPUSessions

/// What `--only-changes` says, by what the published file and the run say.
@Suite struct StatementsTests {
  /// Returns what a run with these statements says after one that published `before`.
  private func said(
    before: [String], now: [String], _ change: (inout Options) -> Void = { _ in }
  ) -> [String] {
    var options = Options()
    options.saysOnlyChanges = true
    options.output = "/published"
    change(&options)
    let node = FakeHost()
    func publish(_ lines: [String], at path: String) {
      let comments = lines.map { "# gpu-sessions: \($0)\n" }.joined()
      node.files[path] = .bytes(Array((comments + "# HELP a b\n# gpu-sessions: not at the beginning\n").utf8))
    }
    publish(before, at: "/published")
    publish(now, at: "/now")
    say(Statements(published: "/now", node.host), node.host, options)
    return node.errors.split(separator: "\n").map { String($0.trimmingPrefix("gpu-sessions: ")) }
  }

  @Test(arguments: [
    ([], [], []),
    ([], ["a", "b"], ["a", "b"]),
    (["a"], ["a"], []),
    (["a"], ["b"], ["b"]),
    (["a"], ["a", "b"], ["b"]),
    (["a", "b"], ["b"], ["no longer: a"]),
    (["a", "b"], [], ["no longer: a", "no longer: b"]),
    (["a", "b"], ["b", "a"], []),
  ])
  func onlyChangesAreSaid(before: [String], now: [String], expected: [String]) {
    #expect(said(before: before, now: now) == expected)
  }

  @Test func withVerboseAndToStandardOutputAllIsSaid() {
    #expect(said(before: ["a"], now: ["a"]) { $0.verbosity = .verbose } == ["a"])
    #expect(said(before: ["a"], now: ["a"]) { $0.output = "-" } == ["a"])
    #expect(said(before: ["a"], now: ["a"]) { $0.saysOnlyChanges = false } == ["a"])
  }
}
