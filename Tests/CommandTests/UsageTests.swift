import GPUSessions
import Testing

@Suite struct UsageTests {
  @Test func versionIsOneLine() {
    let result = Program.run(["--version"])
    #expect(result.end == .status(.success))
    #expect(result.output == "gpu-sessions \(version)\n")
    #expect(result.errors == "")
  }

  @Test(arguments: [
    ["--help"], ["help"], ["-h"], ["collect", "--help"], ["help", "show"], ["help", "--format=text"],
  ])
  func helpGoesToStandardOutput(arguments: [String]) {
    let result = Program.run(arguments)
    #expect(result.end == .status(.success))
    #expect(result.output == helpText())
    #expect(result.errors == "")
  }

  @Test(
    arguments: [
      "--output FILE", "--nvidia-smi PATH", "--timeout SECONDS", "--host-root DIR", "--proc DIR",
      "--kubelet-root DIR", "--label KEY=VALUE", "--no-memory-label", "--interval SECONDS", "--for SECONDS",
      "--no-user-label", "--verbose", "--quiet", "GPU_SESSIONS_", "  0 ", "  1 ", "  64 ", "  73 ",
    ])
  func helpNamesEveryOptionAndStatus(part: String) { #expect(helpText().contains(part)) }

  @Test(
    arguments: [
      (["help", "collect", "show"], .unexpectedArgument("show")),
      (["--frobnicate"], .unknownOption("--frobnicate")),
      (["--output-file=x"], .unknownOption("--output-file=x")),
      (["frobnicate"], .unknownCommand("frobnicate")),
      (["collect", "more"], .unexpectedArgument("more")),
      (["--timeout"], .missingValue(flag: "timeout")),
      (["--quiet=yes"], .unexpectedValue(flag: "quiet")),
      (["--for", "3"], .needs(flag: "for", other: "interval")),
    ] as [([String], UsageError)])
  func wrongUsageIsExplained(arguments: [String], error: UsageError) throws {
    try expectUntouched(arguments, errors: error.sentence)
  }

  @Test(
    arguments: [
      ("timeout", "0"), ("timeout", "-1"), ("timeout", "nan"), ("timeout", "1e3"), ("timeout", ""),
      ("interval", "abc"), ("for", "0"), ("label", "gpu=1"), ("label", "pod=x"), ("label", "9a=1"),
      ("label", "__a=1"), ("label", "a"), ("label", "=1"), ("label", "a-b=1"), ("label", "version=1"),
      ("output", ""),
    ])
  func badValuesAreRefused(flag: String, value: String) throws {
    try expectUntouched(["--\(flag)", value], errors: nil)
    try expectUntouched(["--\(flag)=\(value)"], errors: nil)
  }

  @Test(
    arguments: [
      (["--ouput", "x"], "unknown option '--ouput': did you mean '--output'?"),
      (["--hostroot=/host"], "unknown option '--hostroot=/host': did you mean '--host-root'?"),
      (["--hlep"], "unknown option '--hlep': did you mean '--help'?"),
      (["shwo"], "unknown command 'shwo': did you mean 'show'?"),
      (["--frobnicate"], "unknown option '--frobnicate'"),
      (["metrics", "--format", "json"], "--format 'json': expected one of markdown, prometheus"),
      (["help", "--format", "html"], "--format 'html': expected one of text, man, bash, zsh, fish"),
      (["show", "--format", "text"], "--format is not an option of 'show'"),
      (["metrics", "--output", "x"], "--output is not an option of 'metrics'"),
    ])
  func theSentenceSaysWhatWasMeant(arguments: [String], sentence: String) throws {
    try expectUntouched(arguments, errors: sentence)
  }

  @Test func oneLabelTwiceIsRefused() throws {
    try expectUntouched(["--label", "a=1", "--label", "a=2"], errors: nil)
  }

  @Test func aBadVariableIsRefusedUnlessTheOptionIsGiven() throws {
    let environment = ["GPU_SESSIONS_TIMEOUT": "never"]
    try expectUntouched([], errors: nil, environment: environment)
    let folder = try Folder()
    let result = Program.run(
      Program.arguments(node: "unconfigured-idle", folder) + ["--timeout", "20"],
      environment: environment.merging(Program.environment(node: "unconfigured-idle")) { $1 })
    #expect(result.end == .status(.success))
  }

  /// Expects exit status 64, the error message and a hint at `--help`, and that neither the published file nor nvidia-smi
  /// was touched.
  private func expectUntouched(
    _ arguments: [String], errors sentence: String?, environment: [String: String] = [:]
  ) throws {
    let folder = try Folder()
    try folder.write("out/gpu_sessions.prom", "old\n")
    let before = [try folder.status("out"), try folder.status("out/gpu_sessions.prom")]
    let smi = try folder.script("touch \(folder.path)/asked\n")
    let given = ["GPU_SESSIONS_OUTPUT": folder.output, "GPU_SESSIONS_NVIDIA_SMI": smi]
    let result = Program.run(arguments, environment: given.merging(environment) { $1 })
    #expect(result.end == .status(.usage), "\(arguments)")
    #expect(result.output == "")
    let lines = result.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 2 && result.errors.hasSuffix("\n"))
    #expect(lines.last == "gpu-sessions: see 'gpu-sessions --help'")
    if let sentence { #expect(lines.first == "gpu-sessions: error: " + sentence) }
    #expect(folder.published == ["gpu_sessions.prom"])
    #expect([try folder.status("out"), try folder.status("out/gpu_sessions.prom")] == before)
    #expect(folder.read("asked") == nil)
  }
}
