import GPUSessions
import Testing

@Suite struct ShowArgumentsTests {
  private func command(_ arguments: String..., environment: [String: String] = [:]) throws(UsageError) -> Command {
    try Command(arguments) { environment[$0] }
  }

  @Test func `show has the options that say how to collect`() throws {
    var expected = Options()
    #expect(try command("show") == .show(expected))
    expected.isJSON = true
    #expect(try command("show", "--json") == .show(expected))
    #expect(try command("show", environment: ["GPU_SESSIONS_JSON": "true"]) == .show(expected))
    expected.hostRoot = "/host"
    #expect(try command("show", "--host-root", "/host", "--json") == .show(expected))
  }

  @Test(arguments: ["--output=x", "--label=a=b", "--no-memory-label"])
  func `options of publishing are wrong usage of show`(option: String) {
    let error = #expect(throws: UsageError.self) { try command("show", option) }
    #expect(error?.sentence.hasSuffix(" is for 'collect': 'show' publishes nothing") == true)
  }

  @Test func `the object is wrong usage of collect`() {
    for arguments in [["--json"], ["collect", "--json"]] {
      #expect(throws: UsageError.notForCommand(flag: "json", command: .collect)) {
        try Command(arguments) { _ in nil }
      }
    }
    #expect(
      UsageError.notForCommand(flag: "json", command: .collect).sentence
        == "--json is not an option of 'collect'")
  }

  @Test func `a filter is for show alone, and may be given several times`() throws {
    var expected = Options()
    expected.filter.namespaces = ["a", "b"]
    expected.filter.gpus = ["0_2_1"]
    expected.order = .memory
    let arguments = ["show", "--namespace", "a", "--gpu=0_2_1", "--namespace=b", "--sort", "memory"]
    #expect(try Command(arguments) { _ in nil } == .show(expected))
    let variables = ["GPU_SESSIONS_NAMESPACE": "a,b", "GPU_SESSIONS_GPU": "0_2_1", "GPU_SESSIONS_SORT": "memory"]
    #expect(try command("show", environment: variables) == .show(expected))
    for option in ["--namespace=a", "--pod=a", "--user=a", "--gpu=0", "--sort=age"] {
      #expect(throws: UsageError.self) { try command("collect", option) }
      #expect(throws: UsageError.self) { try command("check", option) }
    }
    #expect(throws: UsageError.self) { try command("show", "--pod=") }
    #expect(throws: UsageError.self) { try command("show", "--sort=pid") }
    let error = #expect(throws: UsageError.self) { try command("show", "--user=a", "--no-user-label") }
    #expect(error?.sentence == "--user cannot be used with --no-user-label")
  }

  @Test func `variables of the other command are not looked at`() throws {
    let environment = [
      "GPU_SESSIONS_OUTPUT": "/x", "GPU_SESSIONS_FOR": "nonsense", "GPU_SESSIONS_INTERVAL": "-1",
      "GPU_SESSIONS_LABEL": "no label",
    ]
    #expect(try command("show", environment: environment) == .show(Options()))
    #expect(try command("collect", environment: ["GPU_SESSIONS_JSON": "nonsense"]) == .collect(Options()))
  }
}
