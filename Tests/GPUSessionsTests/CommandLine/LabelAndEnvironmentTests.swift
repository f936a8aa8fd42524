import GPUSessions
import Testing

@Suite struct LabelAndEnvironmentTests {
  private func options(_ arguments: String..., environment: [String: String] = [:]) throws -> Options {
    let command = try Command(arguments) { environment[$0] }
    guard case .collect(let options) = command else { throw UsageError.unexpectedArgument("no collection") }
    return options
  }

  private func refusal(_ arguments: String..., environment: [String: String] = [:]) -> UsageError? {
    do {
      _ = try Command(arguments) { environment[$0] }
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    "gpu", "pid", "pod", "namespace", "uuid", "gpu_uuid", "kind", "stage", "version", "mig_mode",
  ])
  func `a label of ours is refused`(_ name: String) {
    #expect(
      refusal("--label", name + "=x")
        == .invalidValue(
          flag: "label", value: name + "=x", expected: "a label name that no metric and no other --label has"))
  }

  @Test func `a label given twice is refused`() {
    #expect(refusal("--label", "a=1", "--label=a=2") != nil)
    #expect(refusal(environment: ["GPU_SESSIONS_LABEL": "a=1,a=2"]) != nil)
  }

  @Test(arguments: [
    "1a=x", "a-b=x", "=x", "a", "", "__x=1", "__=1", "ü=1", "a =1", "a.b=1", "a:b=1", "a\u{301}=1", "a\n=1",
  ])
  func `a name that Prometheus does not know is refused`(_ label: String) {
    #expect(
      refusal("--label", label)
        == .invalidValue(flag: "label", value: label, expected: "KEY=VALUE with a Prometheus label name"))
  }

  @Test func `labels keep their order and any value`() throws {
    #expect(
      try options("--label", "z=1", "--label", "_a=b=c", "--label", "A9=\n\"").labels
        == [Label("z", "1"), Label("_a", "b=c"), Label("A9", "\n\"")])
  }

  @Test func `each option has its variable`() throws {
    let environment = [
      "GPU_SESSIONS_OUTPUT": "-", "GPU_SESSIONS_NVIDIA_SMI": "/opt/smi", "GPU_SESSIONS_TIMEOUT": "3",
      "GPU_SESSIONS_HOST_ROOT": "/host", "GPU_SESSIONS_PROC": "/p", "GPU_SESSIONS_KUBELET_ROOT": "/k",
      "GPU_SESSIONS_LABEL": "a=1,b=2", "GPU_SESSIONS_NO_MEMORY_LABEL": "1", "GPU_SESSIONS_INTERVAL": "20",
      "GPU_SESSIONS_FOR": "60", "GPU_SESSIONS_NO_USER_LABEL": "yes", "GPU_SESSIONS_VERBOSE": "on",
      "GPU_SESSIONS_MIG_UTILIZATION": "true", "GPU_SESSIONS_ONLY_CHANGES": "true",
    ]
    let options = try options(environment: environment)
    #expect(options.output == "-" && options.nvidiaSMI == "/opt/smi" && options.timeout == 3_000_000_000)
    #expect(
      options.hostRoot == "/host" && options.procOverride == "/p" && options.kubeletRootOverride == "/k")
    #expect(options.labels == [Label("a", "1"), Label("b", "2")] && !options.hasMemoryLabel)
    #expect(options.interval == 20_000_000_000 && options.duration == 60_000_000_000)
    #expect(
      options.hasMIGUtilization && options.saysOnlyChanges && !options.hasUserLabel && options.verbosity == .verbose
    )
    #expect(
      Set(environment.keys).union(["GPU_SESSIONS_QUIET", "GPU_SESSIONS_FORMAT"])
        == Set(Flag.all.filter { $0.scope != "show: " && $0.name != "json" }.map(\.variable)))
  }

  @Test func `the option wins over its variable, even over a wrong one`() throws {
    #expect(try options("--output", "x", environment: ["GPU_SESSIONS_OUTPUT": "y"]).output == "x")
    #expect(
      try options("--timeout=2", environment: ["GPU_SESSIONS_TIMEOUT": "never"]).timeout == 2_000_000_000)
    #expect(
      try options("--label", "a=1", environment: ["GPU_SESSIONS_LABEL": "a=2,b=3"]).labels == [
        Label("a", "1")
      ])
    #expect(try options("--verbose", environment: ["GPU_SESSIONS_QUIET": "1"]).verbosity == .verbose)
  }

  @Test func `an empty variable is none`() throws {
    let names = Flag.all.map { ($0.variable, "") }
    #expect(try options(environment: Dictionary(uniqueKeysWithValues: names)) == Options())
  }

  @Test(arguments: [
    ("true", false), ("1", false), ("YES", false), ("On", false), ("false", true), ("0", true), ("no", true),
    ("off", true),
  ])
  func `a switch in the environment says yes or no`(_ value: String, _ hasLabel: Bool) throws {
    #expect(try options(environment: ["GPU_SESSIONS_NO_MEMORY_LABEL": value]).hasMemoryLabel == hasLabel)
    #expect(try options(environment: ["GPU_SESSIONS_NO_USER_LABEL": value]).hasUserLabel == hasLabel)
    #expect((try options(environment: ["GPU_SESSIONS_QUIET": value]).verbosity == .normal) == hasLabel)
  }

  @Test(arguments: ["2", "maybe", " true", "truee"]) func `anything else in a switch is refused`(
    _ value: String
  ) {
    #expect(
      refusal(environment: ["GPU_SESSIONS_QUIET": value])
        == .invalidValue(flag: "quiet", value: value, expected: "true or false"))
  }

  @Test func `the variable of one option can need another too`() {
    #expect(refusal(environment: ["GPU_SESSIONS_FOR": "5"]) == .needs(flag: "for", other: "interval"))
    #expect(refusal("--interval", "1", environment: ["GPU_SESSIONS_FOR": "5"]) == nil)
  }

  @Test func `help mentions every option, its argument and the exit statuses`() {
    let lines = helpText().split(separator: "\n").map(String.init)
    for flag in Flag.all {
      let start = "  --\(flag.name) " + (flag.argument.map { $0 + " " } ?? "")
      #expect(lines.contains { $0.hasPrefix(start) && $0.hasSuffix(flag.help) }, "\(flag.name)")
    }
    for start in ["  --help ", "  --version ", "  0 ", "  1 ", "  64 ", "  73 "] {
      #expect(lines.contains { $0.hasPrefix(start) }, "\(start)")
    }
    #expect(helpText().hasSuffix("\n") && Set(Flag.all.map(\.name)).count == Flag.all.count)
  }

  @Test func `help of the formats is what the commands accept`() {
    let commands = CommandName.allCases.filter { !$0.formats.isEmpty }
    let expected = commands.map { "\($0.rawValue): \($0.formats.joined(separator: ", "))" }.joined(separator: "; ")
    #expect(Flag.all.first { $0.name == "format" }?.help == expected)
  }

  @Test func `paths of the node are below its root`() throws {
    #expect(try options().proc == "/proc")
    #expect(try options("--host-root", "/host//").proc == "/host/proc")
    #expect(try options("--host-root", "/host", "--proc", "/p").proc == "/p")
    #expect(try options("--host-root=/host").nodePath("/etc/x") == "/host/etc/x")
  }

  @Test func `a collection ends before the next begins`() throws {
    #expect(try options().collectionTimeout == 45_000_000_000)
    #expect(try options("--interval", "10").collectionTimeout < 10_000_000_000)
    #expect(try options("--interval", "600", "--timeout", "7").collectionTimeout == 7_000_000_000)
  }
}
