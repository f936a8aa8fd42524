import GPUSessions
import Testing

@Suite struct ArgumentsTests {
  private func command(_ arguments: [String], _ environment: [String: String] = [:]) throws(UsageError)
    -> Command
  {
    try Command(arguments) { environment[$0] }
  }

  private func options(_ arguments: String..., environment: [String: String] = [:]) throws -> Options {
    guard case .collect(let options) = try command(arguments, environment) else {
      throw UsageError.unexpectedArgument("no collection")
    }
    return options
  }

  @Test func `no arguments are a collection with the documented defaults`() throws {
    let options = try options()
    #expect(options.output == "/var/lib/node_exporter/textfile_collector/gpu_sessions.prom")
    #expect(options.nvidiaSMI == nil && options.timeout == 45_000_000_000 && options.hostRoot == "/")
    #expect(options.procOverride == nil && options.kubeletRootOverride == nil && options.labels.isEmpty)
    #expect(options.hasMemoryLabel && options.hasUserLabel && options.verbosity == .normal)
    #expect(options.interval == nil && options.duration == nil)
    #expect(try self.options("collect") == options)
  }

  @Test func `every option, with a blank and with an equals sign`() throws {
    let values = [
      ("output", "-"), ("nvidia-smi", "/opt/smi"), ("timeout", "1.5"), ("host-root", "/host"), ("proc", "/p"),
      ("kubelet-root", "/k"), ("label", "cluster=a"), ("interval", "15"), ("for", "55"),
    ]
    let switches = ["--no-memory-label", "--no-user-label", "--mig-utilization", "--only-changes", "--verbose"]
    let blanks = try command(["collect"] + values.flatMap { ["--" + $0.0, $0.1] } + switches)
    let equals = try command(switches + values.map { "--\($0.0)=\($0.1)" })
    var expected = Options()
    expected.output = "-"
    expected.nvidiaSMI = "/opt/smi"
    expected.timeout = 1_500_000_000
    expected.hostRoot = "/host"
    expected.procOverride = "/p"
    expected.kubeletRootOverride = "/k"
    expected.labels = [Label("cluster", "a")]
    expected.interval = 15_000_000_000
    expected.duration = 55_000_000_000
    expected.hasMemoryLabel = false
    expected.hasUserLabel = false
    expected.hasMIGUtilization = true
    expected.saysOnlyChanges = true
    expected.verbosity = .verbose
    #expect(blanks == .collect(expected) && equals == .collect(expected))
    #expect(
      Set(values.map(\.0) + switches.map { String($0.dropFirst(2)) } + ["quiet", "json", "format"])
        == Set(Flag.all.filter { $0.scope != "show: " }.map(\.name)))
  }

  @Test(arguments: [
    ["--help"], ["-h"], ["help"], ["collect", "--help"], ["--nonsense", "-h"], ["--help", "--version"],
  ])
  func `help wins over everything`(_ arguments: [String]) throws {
    #expect(try command(arguments) == .help(format: "text"))
  }

  @Test func `the reference and the help have formats of their own`() throws {
    #expect(try command(["metrics"]) == .metrics(format: "markdown"))
    #expect(try command(["metrics", "--format", "prometheus"]) == .metrics(format: "prometheus"))
    #expect(try command(["help", "--format=man"]) == .help(format: "man"))
    #expect(try command(["help", "show"]) == .help(format: "text"))
  }

  @Test(arguments: [["--version"], ["collect", "--version"], ["--nonsense", "--version"]])
  func `so does the version`(_ arguments: [String]) throws {
    #expect(try command(arguments) == .version)
  }

  @Test func `of an option given twice the last counts`() throws {
    #expect(try options("--output", "a", "--output=b").output == "b")
    #expect(try options("--quiet", "--verbose").verbosity == .verbose)
    #expect(try options("--verbose", "--quiet").verbosity == .quiet)
  }

  @Test func `a value may be empty, hold equals signs or look like an option`() throws {
    #expect(try options("--nvidia-smi=a=b").nvidiaSMI == "a=b")
    #expect(try options("--output", "--quiet").output == "--quiet")
    #expect(try options("--label", "a=").labels == [Label("a", "")])
  }

  @Test(
    arguments: [
      (["bogus"], .unknownCommand("bogus")), ([""], .unknownCommand("")),
      (["--bogus"], .unknownOption("--bogus")),
      (["--bogus=1"], .unknownOption("--bogus=1")), (["--"], .unknownOption("--")),
      (["--OUTPUT", "x"], .unknownOption("--OUTPUT")),
      (["-o", "x"], .unexpectedArgument("-o")), (["collect", "collect"], .unexpectedArgument("collect")),
      (["--quiet", "x"], .unexpectedArgument("x")), (["--quiet=true"], .unexpectedValue(flag: "quiet")),
      (["--verbose="], .unexpectedValue(flag: "verbose")), (["--output"], .missingValue(flag: "output")),
      (["--label", "a=b", "--timeout"], .missingValue(flag: "timeout")),
      (["--for", "5"], .needs(flag: "for", other: "interval")),
      (["--output="], .invalidValue(flag: "output", value: "", expected: "a file")),
      (["--host-root", ""], .invalidValue(flag: "host-root", value: "", expected: "a directory")),
    ] as [([String], UsageError)])
  func `wrong usage is named`(_ arguments: [String], _ expected: UsageError) {
    #expect(throws: expected) { try command(arguments) }
    #expect(!expected.sentence.isEmpty && !expected.sentence.contains("\n"))
  }

  @Test(arguments: [
    "0", "-1", "", "x", "nan", "inf", "1e3", "0x10", "5s", "31536000", "99999999999999999999", "0.0009",
  ])
  func `no number of seconds above 0`(_ value: String) {
    for flag in ["timeout", "interval"] {
      #expect(
        throws: UsageError.invalidValue(
          flag: flag, value: value,
          expected: "a number of seconds, at least 0.001 and less than 31536000 (one year)")
      ) {
        try command(["--\(flag)=\(value)"])
      }
    }
  }
}
