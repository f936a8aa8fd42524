import GPUSessions
import Glibc
import Testing

/// Failures of nvidia-smi: each leads to one error message, exit status 1 and a valid file that reports the failure.
@Suite struct BrokenNvidiaSMITests {
  private func expectFailure(
    _ failure: CollectionFailure, reason: String? = nil, _ arguments: [String], _ folder: Folder
  ) throws {
    try folder.write("out/gpu_sessions.prom", "gpu_session_count{gpu=\"0\"} 7\n")
    let root = Program.repository + "/Fixtures/nodes/no-devices/root"
    let result = Program.run(["--output", folder.output, "--host-root", root] + arguments)
    #expect(result.end == .status(.failure))
    #expect(result.output == "")
    #expect(result.errors == "gpu-sessions: error: \(failure.sentence(reason: reason))\n")
    #expect(folder.file?.isOnlyAboutCollector == true)
    #expect(folder.published == ["gpu_sessions.prom"])
    #expect(try folder.status("out/gpu_sessions.prom").mode == 0o644)
  }

  private func expectFailure(
    _ failure: CollectionFailure, reason: String? = nil, of script: String, timeout: String = "30"
  ) throws {
    let folder = try Folder()
    try expectFailure(
      failure, reason: reason, ["--nvidia-smi", try folder.script(script), "--timeout", timeout], folder)
  }

  @Test func noiseIsNoList() throws {
    let folder = try Folder()
    let smi = try folder.script("head -c 300000 /dev/urandom; exit 7\n")
    let root = Program.repository + "/Fixtures/nodes/no-devices/root"
    let result = Program.run(["--output", folder.output, "--host-root", root, "--nvidia-smi", smi])
    #expect(result.end == .status(.failure))
    #expect(
      result.errors.hasPrefix("gpu-sessions: error: nvidia-smi gave no GPU list and ended with exit status 7"))
    #expect(result.errors.utf8.count < 1_000 && result.errors.split(separator: "\n").count == 1)
    #expect(folder.file?.isOnlyAboutCollector == true)
  }

  @Test func escapeSequencesAreNoList() throws {
    let body = "head -c 300000 /dev/zero | tr '\\0' '\\033'; exit 7\n"
    let reason = String(repeating: "?", count: 200) + "..."
    try expectFailure(.notAList(what: "GPU list", exit: 7), reason: reason, of: body)
  }

  @Test func nothingIsNoList() throws {
    try expectFailure(.notAList(what: "GPU list", exit: 0), of: "exit 0\n")
  }

  @Test func aHelpTextIsNoList() throws {
    let script = "cat \"$0\"; echo usage >&2; exit 64\n"
    try expectFailure(.notAList(what: "GPU list", exit: 64), reason: "#!/bin/sh", of: script)
  }

  @Test func endlessOutputIsCutOff() throws {
    try expectFailure(.tooMuchOutput, of: "exec head -c 100000000 /dev/zero\n")
  }

  @Test func endlessErrorsAreCutOff() throws {
    let reason = String(repeating: "?", count: 200) + "..."
    try expectFailure(.tooMuchOutput, reason: reason, of: "exec head -c 100000000 /dev/zero >&2\n")
  }

  @Test func silenceEndsAtTheTimeout() throws {
    try expectFailure(.timedOut, of: "exec sleep 3600\n", timeout: "1")
  }

  @Test func whoIgnoresTheSignalIsKilled() throws {
    let folder = try Folder()
    let smi = try folder.script(
      "echo $$ >>'\(folder.path)/pids'\ntrap '' TERM INT HUP\nwhile :; do sleep 3600; done\n")
    try expectFailure(.timedOut, ["--nvidia-smi", smi, "--timeout", "1"], folder)
    let pids = (folder.read("pids") ?? "").split(separator: "\n").compactMap { pid_t($0) }
    #expect(pids.count == 4)
    for pid in pids { #expect(kill(pid, 0) == -1, "\(pid) lives") }
  }

  @Test func halfAListOfACrashedOneIsNone() throws {
    let body = """
      printf 'index, uuid, pci.bus_id\\n0, GPU-00000000-0000-0000-0000-000000000000, 0000'
      kill -SEGV $$

      """
    try expectFailure(.crashed(signal: 11), of: "ulimit -c 0\n" + body)
  }

  @Test func aGrandchildThatHoldsThePipeDelaysNothing() throws {
    try expectFailure(
      .noDevices, reason: "No devices were found", of: "sleep 3600 & echo 'No devices were found'; exit 6\n")
  }

  @Test func aMissingOneIsNamed() throws {
    let folder = try Folder()
    let path = folder.path + "/none"
    try expectFailure(.nvidiaSMINotExecutable(path), ["--nvidia-smi", path], folder)
  }

  @Test func aDirectoryAndAPlainFileAreNoPrograms() throws {
    let folder = try Folder()
    let file = try folder.write("plain", "")
    try expectFailure(.nvidiaSMINotExecutable(file), ["--nvidia-smi", file], folder)
    try expectFailure(.nvidiaSMINotExecutable(folder.path), ["--nvidia-smi", folder.path], folder)
  }

  @Test func aFileThatNoKernelRunsIsNamed() throws {
    let folder = try Folder()
    let file = try folder.write("nvidia-smi", "\u{7F}ELF no more", mode: 0o755)
    // 8 is ENOEXEC.
    try expectFailure(.notStarted(file, errno: 8), ["--nvidia-smi", file], folder)
  }

  @Test(
    arguments: [
      (
        "driver-down", .driverNotLoaded,
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest"
          + " NVIDIA driver is installed and running."
      ), ("no-devices", .noDevices, "No devices were found"),
      ("version-mismatch", .driverMismatch, "Failed to initialize NVML: Driver/library version mismatch"),
      (
        "nvml-blocked-by-os", .nvml(.blocked),
        "Failed to initialize NVML: GPU access blocked by the operating system"
      ),
      ("nvml-reason-on-stderr", .nvml(.other), "Failed to initialize NVML: Insufficient Resources"),
      ("foreign-pid-namespace", .foreignPIDNamespace, nil),
    ] as [(String, CollectionFailure, String?)])
  func aNodeWithoutADeviceSaysWhy(node: String, failure: CollectionFailure, reason: String?) throws {
    let folder = try Folder()
    try folder.write("out/gpu_sessions.prom", "gpu_session_count{gpu=\"0\"} 7\n")
    let result = Program.run(node: node, folder)
    #expect(result.end == .status(.failure))
    #expect(result.output == "")
    #expect(result.errors == "gpu-sessions: error: \(failure.sentence(reason: reason))\n")
    #expect(folder.file?.isOnlyAboutCollector == true)
  }
}
