import GPUSessions
import Testing

/// The command `check`: its output, its exit status, and that it writes nothing.
@Suite struct CheckTests {
  private func check(
    _ folder: Folder, node: String = "unconfigured-idle", _ arguments: [String] = []
  ) -> Program.Result {
    Program.run(
      ["check"] + Program.arguments(node: node, folder) + arguments, environment: Program.environment(node: node))
  }

  @Test func everyCheckHasItsLineAndTheTallyIsLast() throws {
    let folder = try Folder()
    #expect(Program.run(node: "unconfigured-idle", folder).end == .status(.success))
    let result = check(folder)
    #expect(result.end == .status(.failure) && result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    let names = lines.filter { !$0.hasPrefix("  ") }.dropLast().compactMap {
      $0.split(separator: " ").dropFirst().first
    }
    #expect(names.map(String.init) == Check.all.map(\.name))
    #expect(lines.last?.hasSuffix(" skip") == true)
    #expect(result.output.contains("pass  published-file      written "))
  }

  @Test func nothingIsWritten() throws {
    let folder = try Folder()
    #expect(Program.run(node: "h100-mig-mixed", folder).end == .status(.success))
    try folder.write("out/.gpu_sessions.prom.tmp", "half a li")
    let before = try folder.published.map { try folder.status("out/" + $0) } + [try folder.status("out")]
    #expect(check(folder, node: "h100-mig-mixed").output.contains("warn  leftovers"))
    #expect(try folder.published.map { try folder.status("out/" + $0) } + [try folder.status("out")] == before)
  }

  @Test func theObjectIsJSONWithEveryCheck() throws {
    let folder = try Folder()
    let result = check(folder, ["--json"])
    #expect(result.end == .status(.failure) && result.errors == "")
    let script = """
      import json, sys
      found = json.load(sys.stdin)
      print(*[check["name"] for check in found["checks"]])
      print(sum(found["tally"].values()), *found)
      """
    let parsed = Program.shell(
      "printf '%s' \"$1\" | python3 -c \"$2\"", [result.output, script])
    #expect(
      parsed.output == Check.all.map(\.name).joined(separator: " ") + "\n\(Check.all.count) checks tally version\n")
  }

  @Test func standardOutputThatIsClosedIsSaid() throws {
    let folder = try Folder()
    let result = Program.shell(
      "\"$0\" \"$@\" >/dev/full", ["check"] + Program.arguments(node: "unconfigured-idle", folder),
      environment: Program.environment(node: "unconfigured-idle"))
    #expect(result.end == .status(.cannotCreate))
    #expect(result.errors == "gpu-sessions: error: standard output cannot be written\n")
  }

  @Test func aDirectoryThatIsMissingIsToldWithTheCommandThatMakesIt() throws {
    let folder = try Folder()
    let result = Program.run(["check", "--output", folder.path + "/none/a.prom", "--quiet"])
    #expect(result.end == .status(.failure))
    #expect(result.output.contains("sudo mkdir -p \(folder.path)/none\n") && !result.output.contains("pass  "))
    #expect(folder.names("") == ["out"])
  }

  @Test(arguments: [["--label=a=b"], ["--interval=5"], ["--no-memory-label"], ["--no-user-label"], ["--for=3"]])
  func whatItDoesNotHaveIsWrongUsage(arguments: [String]) {
    let result = Program.run(["check"] + arguments)
    #expect(result.end == .status(.usage) && result.output == "")
  }
}
