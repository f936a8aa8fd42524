import GPUSessions
import Testing

/// `--interval`, signals, and the streams of a run.
@Suite struct RepeatedRunTests {
  private let node = "h100-mig-mixed"

  /// Writes an nvidia-smi that adds a line to the file `asked` each time it is asked for the GPUs; returns its path.
  private func countingSMI(_ folder: Folder) throws -> String {
    try folder.script(
      "case $1 in --query-gpu=*) echo >>'\(folder.path)/asked' ;; esac\n"
        + "exec '\(Program.repository)/Fixtures/bin/nvidia-smi' \"$@\"\n")
  }

  @Test func anIntervalCollectsSeveralTimes() throws {
    let folder = try Folder()
    let result = Program.run(
      Program.arguments(node: node, folder) + [
        "--nvidia-smi", try countingSMI(folder), "--interval", "0.5", "--for", "2", "--verbose",
      ], environment: Program.environment(node: node))
    #expect(result.end == .status(.success))
    let runs = folder.read("asked")?.utf8.count ?? 0
    #expect((2...4).contains(runs))
    #expect(result.errors.utf8.count { $0 == UInt8(ascii: "\n") } >= runs)
    #expect(folder.file?.isWhole == true)
    #expect(folder.published == ["gpu_sessions.prom"])
  }

  /// A shell script that starts the program, sends it a signal once the file is not empty, and prints its exit status.
  private func signalled(_ signal: String, once file: String) -> String {
    "\"$0\" \"$@\" & p=$!; i=0; until [ -s '\(file)' ] || [ $i -gt 200 ]; do sleep 0.05; i=$((i+1)); done;"
      + " kill -\(signal) $p; wait $p; echo $?"
  }

  @Test func aSignalBetweenRunsEndsIt() throws {
    let folder = try Folder()
    let result = Program.shell(
      signalled("TERM", once: folder.output),
      Program.arguments(node: node, folder) + ["--interval", "3600"],
      environment: Program.environment(node: node), limit: 20)
    #expect(result.end == .exited(0))
    #expect(result.output == "0\n" && result.errors == "")
    #expect(folder.file?.isWhole == true)
    #expect(folder.published == ["gpu_sessions.prom"])
  }

  @Test func aSignalWhileNvidiaSMIHangsEndsBoth() throws {
    let folder = try Folder()
    try folder.write("out/gpu_sessions.prom", "old\n")
    let smi = try folder.script(
      "echo $$ >>'\(folder.path)/pids'\ntrap '' TERM\nwhile :; do sleep 3600; done\n")
    let result = Program.shell(
      signalled("TERM", once: folder.path + "/pids"),
      Program.arguments(node: node, folder)
        + ["--nvidia-smi", smi, "--interval", "3600", "--timeout", "600"],
      environment: Program.environment(node: node), limit: 20)
    #expect(result.end == .exited(0))
    #expect(result.errors == "gpu-sessions: error: \(CollectionFailure.terminated.sentence)\n")
    #expect(folder.read("out/gpu_sessions.prom") == "old\n")
    #expect(folder.published == ["gpu_sessions.prom"])
    let alive = Program.shell("kill -0 $(cat '\(folder.path)/pids') 2>/dev/null && echo alive", [])
    #expect(alive.output == "")
  }

  @Test func verboseEndsWithOneLineOfSummary() throws {
    let folder = try Folder()
    let result = Program.run(node: node, folder, ["--verbose"])
    #expect(result.end == .status(.success) && result.output == "")
    #expect(result.errors.hasPrefix("gpu-sessions: 5 sessions on 5 devices"))
    #expect(result.errors.hasSuffix("success 1\n"))
    #expect(result.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
  }

  @Test func aDashPrintsTheFile() throws {
    let folder = try Folder()
    #expect(Program.run(node: node, folder).end == .status(.success))
    let printed = Program.run(node: node, folder, ["--output", "-"])
    #expect(printed.end == .status(.success) && printed.errors == "")
    #expect(Exposed(text: printed.output).withoutClocks == folder.file?.withoutClocks)
    #expect(folder.published == ["gpu_sessions.prom"])
  }

  @Test func theSameNodeGivesTheSameBytes() throws {
    let first = try Folder()
    let second = try Folder()
    #expect(Program.run(node: node, first).end == .status(.success))
    #expect(Program.run(node: node, second).end == .status(.success))
    #expect(first.file != nil)
    #expect(first.file?.withoutClocks == second.file?.withoutClocks)
  }

  @Test func aFullStandardOutputIsToldAndNoCrash() throws {
    let folder = try Folder()
    let result = Program.shell(
      "\"$0\" \"$@\" --output - >/dev/full", Program.arguments(node: node, folder),
      environment: Program.environment(node: node))
    #expect(result.end == .status(.cannotCreate))
    #expect(result.errors == "gpu-sessions: error: standard output cannot be written\n")
  }

  @Test func aReaderThatLeftIsToldAndNoCrash() throws {
    let folder = try Folder()
    let result = Program.shell(
      "{ sleep 0.3; \"$0\" \"$@\" --output -; echo $? >&2; } | true", Program.arguments(node: node, folder),
      environment: Program.environment(node: node))
    #expect(result.errors == "gpu-sessions: error: standard output cannot be written\n73\n")
  }

  @Test(arguments: [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
  func closedStreamsHarmNothing(redirection: String) throws {
    let folder = try Folder()
    let result = Program.shell(
      "exec \"$0\" \"$@\" \(redirection)", Program.arguments(node: node, folder) + ["--verbose"],
      environment: Program.environment(node: node))
    #expect(result.end == .status(.success))
    #expect(folder.file?.isWhole == true)
    #expect(folder.file?.has("gpu_total_sessions 5") == true)
  }
}
