import GPUSessions
import Testing

@Suite struct CollectionFailureTests {
  private static let path = "/usr/bin/nvidia-smi"

  /// How nvidia-smi ends, the failure that follows, and the line of it that the sentence quotes.
  private static let ends: [(ChildOutcome, CollectionFailure, reason: String?)] = [
    said(
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest"
        + " NVIDIA driver is installed and running.", "", exit: 9, .driverNotLoaded),
    said(
      "Failed to initialize NVML: Driver/library version mismatch", "NVML library version: 535.161", exit: 18,
      .driverMismatch),
    said("No devices were found", exit: 6, .noDevices),
    said("Failed to initialize NVML: No supported GPUs were found", exit: 6, .noSupportedGPUs),
    said("Failed to initialize NVML: Unknown Error", exit: 255, .nvml(.unknownError)),
    said(
      "Failed to initialize NVML: GPU access blocked by the operating system",
      "Failed to properly shut down NVML: GPU access blocked by the operating system", exit: 255, .nvml(.blocked)),
    said("Failed to initialize NVML: Something that nobody has seen yet", exit: 255, .nvml(.other)),
    said("Failed to initialize NVML: Insufficient Permissions", exit: 4, .insufficientPermissions),
    said(
      "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure", exit: 12,
      .nvmlLibraryMissing),
    said(
      "Unable to determine the device handle for GPU0: 0000:01:00.0: Unknown Error", exit: 15, .noReadableDevice),
    (.text("", exit: 9, errors: "No devices were found\n"), .noDevices, "No devices were found"),
    (.text("\n\n", exit: 127, errors: "\nno such library\n"), list(exit: 127), "no such library"),
    (ChildOutcome(end: .notStarted(8)), .notStarted(path, errno: 8), nil),
    (ChildOutcome(end: .deadline), .timedOut, nil),
    (ChildOutcome(end: .abandoned, standardError: Array("NVRM: x".utf8)), .abandoned, "NVRM: x"),
    (ChildOutcome(end: .outputLimit), .tooMuchOutput, nil),
    (ChildOutcome(end: .signaled(11)), .crashed(signal: 11), nil),
    (.text("\u{1}\u{2}<html>\nbusybox, v1\n"), list(exit: 0), "??<html>"),
    (.text("", exit: 3), list(exit: 3), nil),
  ]

  private static func list(exit: Int32) -> CollectionFailure { .notAList(what: "GPU list", exit: exit) }

  private static func said(
    _ lines: String..., exit: Int32, _ failure: CollectionFailure
  ) -> (ChildOutcome, CollectionFailure, reason: String?) {
    (.text(lines.map { $0 + "\n" }.joined(), exit: exit), failure, lines.first)
  }

  private func expectFailure(_ node: FakeHost, _ failure: CollectionFailure, reason: String? = nil) {
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.errors == "gpu-sessions: error: \(failure.sentence(reason: reason))\n")
    #expect(run.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(run.files.count == 1)
    #expect(run.file.isOnlyAboutCollector)
  }

  @Test(arguments: ends)
  func noGPUListFailsTheRun(outcome: ChildOutcome, failure: CollectionFailure, reason: String?) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.gpus] = [outcome]
    expectFailure(node, failure, reason: reason)
  }

  @Test(arguments: ends)
  func noProcessListFailsTheRun(outcome: ChildOutcome, failure: CollectionFailure, reason: String?) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.apps] = [outcome]
    if case .notAList(_, let exit) = failure {
      expectFailure(node, .notAList(what: "process list", exit: exit), reason: reason)
    } else {
      expectFailure(node, failure, reason: reason)
    }
  }

  @Test func aHalfReadListOfAKilledChildIsNone() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.apps]?[0].end = .signaled(9)
    expectFailure(node, .crashed(signal: 9))
  }

  @Test func aGPUListWithoutAReadableGPUFailsTheRun() {
    let node = FakeHost.node([])
    node.answers[.gpus] = [
      .text(
        FakeGPU.table([])
          + "Unable to determine the device handle for GPU0: 0000:01:00.0: Unknown Error\n")
    ]
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.file.isOnlyAboutCollector)
    #expect(run.errors.hasPrefix("gpu-sessions: error: "))
  }

  @Test func withoutNvidiaSMINothingIsSpawned() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.executables = []
    expectFailure(node, .nvidiaSMINotFound)
    #expect(node.spawned.isEmpty)
  }

  @Test func sentencesSayWhatHelps() {
    #expect(CollectionFailure.driverNotLoaded.sentence.contains("modprobe nvidia"))
    #expect(CollectionFailure.driverMismatch.sentence.contains("reboot"))
    #expect(CollectionFailure.foreignPIDNamespace.sentence.contains("hostPID: true"))
    #expect(CollectionFailure.nvidiaSMINotFound.sentence.contains("--nvidia-smi"))
    #expect(CollectionFailure.timedOut.sentence.contains("--timeout"))
    #expect(CollectionFailure.notStarted("/a/b", errno: 13).sentence.contains("/a/b"))
    #expect(CollectionFailure.crashed(signal: 11).sentence.contains("11"))
    #expect(CollectionFailure.insufficientPermissions.sentence.contains("setsebool"))
    #expect(CollectionFailure.nvml(.unknownError).sentence.contains("restart the container"))
    for advice in ["wsl --shutdown", "no-cgroups = false"] {
      #expect(CollectionFailure.nvml(.blocked).sentence.contains(advice))
    }
  }

  @Test func aFailureNeverCountsAsAFullSuccessOfItsStage() {
    for (outcome, _, _) in CollectionFailureTests.ends {
      let node = FakeHost.node([FakeProcess(pid: 100)])
      node.answers[.gpus] = [outcome]
      #expect(FakeRun(node).file.stage("devices") == "0", "\(outcome.end)")
    }
  }

  @Test func aRunThatFailsBeforeItsFirstStageFailsOneStage() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    let stages = "gpu_session_collector_stage_success"
    node.executables = []
    #expect(FakeRun(node).file.rows(stages) == ["{stage=\"devices\"} 0"])
    node.executables = ["/usr/bin/nvidia-smi"]
    node.answers[.apps] = [.text("", exit: 9)]
    #expect(FakeRun(node).file.rows(stages) == ["{stage=\"devices\"} 1", "{stage=\"processes\"} 0"])
  }
}
