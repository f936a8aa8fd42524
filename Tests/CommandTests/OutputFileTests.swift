import GPUSessions
import Testing

/// The published file: its path, its mode, and what it replaces.
@Suite struct OutputFileTests {
  private let node = "unconfigured-idle"

  @Test func aRunThatSucceedsIsQuiet() throws {
    let folder = try Folder()
    let result = Program.run(node: "h100-mig-mixed", folder)
    #expect(result.end == .status(.success))
    #expect(result.output == "" && result.errors == "")
    let file = try #require(folder.file)
    #expect(file.isWhole)
    #expect(file.has("gpu_session_collector_success 1"))
    #expect(file.has("gpu_total_sessions 5"))
    #expect(folder.published == ["gpu_sessions.prom"])
  }

  @Test func withOnlyChangesAFailureIsSaidWhenItBeginsChangesAndEnds() throws {
    let folder = try Folder()
    func said(_ node: String, _ more: String...) -> String {
      Program.run(node: node, folder, ["--only-changes"] + more).errors
    }
    #expect(said("h100-mig-mixed") == "")
    let begins = said("driver-down")
    #expect(begins.hasPrefix("gpu-sessions: error: nvidia-smi cannot talk"))
    #expect(said("driver-down") == "")
    #expect(said("driver-down", "--verbose").hasPrefix(begins))
    #expect(Program.run(node: "driver-down", folder).errors == begins, "without the option all is said")
    #expect(said("driver-down") == begins, "and the file does not tell what was said")
    let text = try #require(folder.read("out/gpu_sessions.prom"))
    #expect(text.hasPrefix("# gpu-sessions: error: nvidia-smi cannot talk"))
    #expect(try ExpositionFile(Array(text.utf8)).success == 0)
    let changes = said("version-mismatch")
    #expect(changes.hasPrefix("gpu-sessions: error: ") && changes != begins)
    let ends = "gpu-sessions: resolved: " + changes.dropFirst("gpu-sessions: ".count)
    #expect(said("h100-mig-mixed") == ends)
    #expect(said("h100-mig-mixed") == "")
  }

  @Test func everyoneMayReadTheFileWhateverTheUmask() throws {
    for umask in ["077", "000", "777"] {
      let folder = try Folder()
      let result = Program.shell(
        "umask \(umask); exec \"$0\" \"$@\"", Program.arguments(node: node, folder),
        environment: Program.environment(node: node))
      #expect(result.end == .status(.success))
      #expect(try folder.status("out/gpu_sessions.prom").mode == 0o644)
    }
  }

  @Test func aMissingDirectoryIsExplained() throws {
    let folder = try Folder()
    let missing = folder.path + "/none"
    let result = Program.run(node: node, folder, ["--output", missing + "/a.prom"])
    #expect(result.end == .status(.cannotCreate))
    #expect(result.output == "")
    #expect(
      result.errors == "gpu-sessions: error: \(missing)/a.prom cannot be written: directory \(missing):"
        + " no such file or directory (try: sudo mkdir -p \(missing))\n")
    #expect(folder.names("") == ["out"])
  }

  @Test func aDirectoryIsNotReplaced() throws {
    let folder = try Folder()
    try folder.write("out/kept", "old\n")
    let before = try folder.status("out")
    let result = Program.run(node: node, folder, ["--output", folder.path + "/out"])
    #expect(result.end == .status(.cannotCreate))
    #expect(
      result.errors == "gpu-sessions: error: \(folder.path)/out cannot be written: is a directory\n")
    #expect(folder.read("out/kept") == "old\n")
    #expect(try folder.status("out") == before)
    #expect(folder.names("") == ["out"])
  }

  @Test(arguments: ["/", "/out/", "/out/."])
  func aPathThatEndsInADirectoryIsRefused(end: String) throws {
    let folder = try Folder()
    let result = Program.run(node: node, folder, ["--output", folder.path + end])
    #expect(result.end == .status(.cannotCreate))
    #expect(result.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(folder.names("") == ["out"] && folder.published == [])
  }

  @Test func aFileIsNoDirectoryToWriteTo() throws {
    let folder = try Folder()
    let file = try folder.write("file", "old\n")
    let result = Program.run(node: node, folder, ["--output", file + "/a.prom"])
    #expect(result.end == .status(.cannotCreate))
    #expect(
      result.errors
        == "gpu-sessions: error: \(file)/a.prom cannot be written: directory \(file): not a directory\n")
    #expect(folder.read("file") == "old\n")
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    let folder = try Folder()
    try folder.write("target", "old\n")
    let link = Program.shell("ln -s ../target \"$1\"", [folder.output])
    #expect(link.end == .exited(0))
    let result = Program.run(node: node, folder)
    #expect(result.end == .status(.success))
    #expect(folder.read("target") == "old\n")
    #expect(try folder.status("out/gpu_sessions.prom").isRegular)
    #expect(folder.file?.isWhole == true)
  }

  @Test func aRelativePathIsOfTheWorkingDirectory() throws {
    let folder = try Folder()
    let result = Program.shell(
      "cd '\(folder.path)/out' && exec \"$0\" \"$@\"",
      Program.arguments(node: node, folder) + ["--output", "gpu_sessions.prom"],
      environment: Program.environment(node: node))
    #expect(result.end == .status(.success))
    #expect(folder.published == ["gpu_sessions.prom"])
  }

  @Test func twoRunsAtOnceBothSucceed() throws {
    let folder = try Folder()
    let result = Program.shell(
      "\"$0\" \"$@\" & a=$!; \"$0\" \"$@\" & b=$!; wait $a; x=$?; wait $b; echo $x $?",
      Program.arguments(node: "h100-mig-mixed", folder),
      environment: Program.environment(node: "h100-mig-mixed"))
    #expect(result.output == "0 0\n" && result.errors == "")
    #expect(folder.file?.isWhole == true)
    #expect(folder.file?.has("gpu_total_sessions 5") == true)
    #expect(folder.published == ["gpu_sessions.prom"])
  }

  @Test func whatAKilledRunLeavesIsCleared() throws {
    let folder = try Folder()
    try folder.write("out/gpu_sessions.prom", "old\n")
    // SIGXFSZ kills it in the middle of writing.
    let killed = Program.shell(
      "ulimit -c 0; ulimit -f 1; exec \"$0\" \"$@\"", Program.arguments(node: "h100-mig-mixed", folder),
      environment: Program.environment(node: "h100-mig-mixed"))
    #expect(killed.end == .signaled(25))
    #expect(folder.read("out/gpu_sessions.prom") == "old\n")
    let left = folder.published.filter { $0 != "gpu_sessions.prom" }
    #expect(left == [".gpu_sessions.prom.lock", ".gpu_sessions.prom.tmp"])
    #expect(Program.run(node: "h100-mig-mixed", folder).end == .status(.success))
    #expect(folder.published == ["gpu_sessions.prom"])
    #expect(folder.file?.isWhole == true)
  }
}
