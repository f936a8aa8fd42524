import GPUSessions
import Testing

@Suite struct CollectionFailureTests {
  private static let path = "/usr/bin/nvidia-smi"

  private static let ends: [(ChildOutcome, CollectionFailure)] = [
    (
      .text(
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest"
          + " NVIDIA driver is installed and running.\n\n", exit: 9), .driverNotLoaded
    ),
    (
      .text(
        "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161\n",
        exit: 18),
      .driverMismatch
    ),
    (.text("No devices were found\n", exit: 6), .noDevices),
    (.text("Failed to initialize NVML: No supported GPUs were found\n", exit: 6), .noSupportedGPUs),
    (.text("Failed to initialize NVML: Unknown Error\n", exit: 255), .nvmlUnknownError),
    (.text("Failed to initialize NVML: Insufficient Permissions\n", exit: 4), .insufficientPermissions),
    (
      .text("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure\n", exit: 12),
      .nvmlLibraryMissing
    ),
    (.text("", exit: 9, errors: "No devices were found\n"), .noDevices),
    (ChildOutcome(end: .notStarted(8)), .notStarted(path, errno: 8)),
    (ChildOutcome(end: .deadline), .timedOut),
    (ChildOutcome(end: .abandoned), .abandoned),
    (ChildOutcome(end: .outputLimit), .tooMuchOutput),
    (ChildOutcome(end: .signaled(11)), .crashed(signal: 11)),
    (.text("\u{1}\u{2}<html>\nbusybox, v1\n"), .notAList(what: "GPU list", exit: 0)),
    (.text("", exit: 3), .notAList(what: "GPU list", exit: 3)),
  ]

  private func expectFailure(_ node: FakeHost, _ failure: CollectionFailure) {
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.errors == "gpu-sessions: error: \(failure.sentence)\n")
    #expect(run.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(run.files.count == 1)
    #expect(run.file.isOnlyAboutCollector)
  }

  @Test(arguments: ends)
  func noGPUListFailsTheRun(outcome: ChildOutcome, failure: CollectionFailure) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.gpus] = [outcome]
    expectFailure(node, failure)
  }

  @Test(arguments: ends)
  func noProcessListFailsTheRun(outcome: ChildOutcome, failure: CollectionFailure) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.apps] = [outcome]
    if case .notAList(_, let exit) = failure {
      expectFailure(node, .notAList(what: "process list", exit: exit))
    } else {
      expectFailure(node, failure)
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
  }

  @Test func aFailureNeverCountsAsAFullSuccessOfItsStage() {
    for (outcome, _) in CollectionFailureTests.ends {
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
