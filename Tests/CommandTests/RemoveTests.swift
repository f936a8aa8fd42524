import GPUSessions
import Testing

/// The command `remove`: it removes what `collect` has published, and nothing else.
@Suite struct RemoveTests {
  private func remove(_ folder: Folder, _ arguments: [String] = []) -> Program.Result {
    Program.run(["remove", "--output", folder.output] + arguments)
  }

  @Test func thePublishedFileAndALeftTemporaryAreRemoved() throws {
    let folder = try Folder()
    #expect(Program.run(node: "h100-mig-mixed", folder).end == .status(.success))
    try folder.write("out/.gpu_sessions.prom.tmp", "half a li")
    try folder.write("out/other.prom", "kept\n")
    let result = remove(folder)
    #expect(result.end == .status(.success) && result.output == "" && result.errors == "")
    #expect(folder.published == ["other.prom"])
  }

  @Test func nothingToRemoveIsNoError() throws {
    let folder = try Folder()
    #expect(remove(folder, ["--verbose"]).errors == "gpu-sessions: \(folder.output) is not there\n")
    let missing = Program.run(["remove", "--output", folder.path + "/none/a.prom"])
    #expect(missing.end == .status(.success) && missing.errors == "")
  }

  @Test func aLinkIsRemovedAndNotFollowed() throws {
    let folder = try Folder()
    try folder.write("target", "kept\n")
    #expect(Program.shell("ln -s ../target \"$1\"", [folder.output]).end == .exited(0))
    let result = remove(folder, ["--verbose"])
    #expect(result.errors == "gpu-sessions: \(folder.output) is removed\n")
    #expect(folder.read("target") == "kept\n" && folder.published == [])
  }

  @Test func aDirectoryStaysAndIsAnError() throws {
    let folder = try Folder()
    let result = Program.run(["remove", "--output", folder.path + "/out"])
    #expect(result.end == .status(.cannotCreate))
    #expect(result.errors == "gpu-sessions: error: \(folder.path)/out cannot be removed: is a directory\n")
    #expect(folder.names("") == ["out"])
  }

  @Test func aFilePublishedMeanwhileIsRemovedAtTheNextTick() throws {
    let folder = try Folder()
    let result = Program.shell(
      "\"$0\" \"$@\" & sleep 0.3; echo late > '\(folder.output)'; wait $!",
      ["remove", "--output", folder.output, "--interval", "0.6", "--for", "1"])
    #expect(result.end == .exited(0))
    #expect(folder.published == [])
  }

  @Test(arguments: [["--output=-"], ["--label=a=b"], ["--nvidia-smi=x"], ["--json"]])
  func whatItCannotDoIsWrongUsage(arguments: [String]) {
    let result = Program.run(["remove"] + arguments)
    #expect(result.end == .status(.usage) && result.output == "")
  }
}
