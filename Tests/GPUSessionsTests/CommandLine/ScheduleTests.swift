import GPUSessions
import Testing

@Suite struct ScheduleTests {
  private let second = Nanoseconds.perSecond
  private let driverDown = ChildOutcome.text(
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", exit: 9)

  private func node() -> FakeHost { FakeHost.node([FakeProcess(pid: 100)]) }

  /// Starts of the collections, in seconds after the first.
  private func starts(_ node: FakeHost) -> [Double] {
    let first = node.published.first?.started ?? 0
    return node.published.map { Double($0.started - first) / Double(second) }
  }

  @Test func withoutAnIntervalItCollectsOnce() {
    let node = node()
    #expect(FakeRun(node).status == .success)
    #expect(node.published.count == 1 && node.sleeps.isEmpty)
    #expect(node.published.first?.path == "/var/lib/node_exporter/textfile_collector/gpu_sessions.prom")
  }

  @Test(arguments: [("35", [0.0, 10, 20, 30]), ("30", [0, 10, 20]), ("5", [0]), ("10.5", [0, 10])])
  func ticksComeUntilTheTimeHasPassed(duration: String, expected: [Double]) {
    let node = node()
    #expect(FakeRun(node, ["--interval", "10", "--for", duration]).status == .success)
    #expect(starts(node) == expected)
  }

  @Test func ticksDoNotDriftWithTheTimeCollectionsTake() {
    let node = node()
    node.spawnSpans = [3 * second]
    _ = FakeRun(node, ["--interval", "10", "--for", "45"])
    #expect(starts(node) == [0, 10, 20, 30, 40])
  }

  @Test func missedTicksAreSkipped() {
    let node = node()
    node.spawnSpans = [25 * second, second]
    _ = FakeRun(node, ["--interval", "10", "--for", "45"])
    #expect(starts(node) == [0, 30, 40])
  }

  @Test func aCollectionThatEndsOnATickSkipsThatTick() {
    let node = node()
    node.spawnSpans = [20 * second, second]
    _ = FakeRun(node, ["--interval", "10", "--for", "35"])
    #expect([[0, 20, 30], [0, 30]].contains(starts(node)))
    #expect(node.sleeps.allSatisfy { $0 > 0 })
  }

  @Test func aClockThatIsSetBackDelaysNothing() {
    let node = node()
    let host = node.host
    var moved = host
    moved.sleep = { until in
      node.clockSet -= 3_600 * Nanoseconds.perSecond
      return host.sleep(until)
    }
    let options = ["--interval", "10", "--for", "35"]
    #expect(run(options, moved) == .success)
    #expect(starts(node) == [0, -3_590, -7_180, -10_770])
    let durations = node.published.flatMap { $0.file.rows("gpu_session_collector_stage_duration_seconds") }
    #expect(!durations.isEmpty && !durations.contains { $0.contains(" -") })
    #expect(node.published.allSatisfy { $0.file.value("gpu_total_sessions") == "1" })
  }

  @Test func aFailureInTheMiddleIsPublishedAndSurvived() throws {
    let node = node()
    let good = try #require(node.answers[.gpus]?.first)
    node.answers[.gpus] = [good, driverDown, good]
    let run = FakeRun(node, ["--interval", "10", "--for", "25"])
    #expect(run.files.map(\.success) == ["1", "0", "1"])
    #expect(run.files.map(\.isOnlyAboutCollector) == [false, true, false])
    #expect(run.status == .success)
    let reason = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."
    #expect(run.errors == "gpu-sessions: error: \(CollectionFailure.driverNotLoaded.sentence(reason: reason))\n")
  }

  @Test func theExitStatusIsTheLastRuns() throws {
    let node = node()
    let good = try #require(node.answers[.gpus]?.first)
    node.answers[.gpus] = [good, good, driverDown]
    #expect(FakeRun(node, ["--interval", "10", "--for", "25"]).status == .failure)
    #expect(node.published.count == 3)
  }

  @Test func whileAnAbandonedChildLivesNothingIsSpawned() {
    let node = node()
    node.abandonedChildren = 1
    let run = FakeRun(node, ["--interval", "10", "--for", "25"])
    #expect(node.spawned.isEmpty)
    #expect(run.files.map(\.isOnlyAboutCollector) == [true, true, true])
    #expect(run.status == .failure)
    let line = "gpu-sessions: error: \(CollectionFailure.earlierChildAlive.sentence)\n"
    #expect(run.errors == line + line + line)
  }

  @Test func aSignalWhileItSleepsEndsIt() {
    let node = node()
    node.signalledSleep = 2
    #expect(FakeRun(node, ["--interval", "10"]).status == .success)
    #expect(starts(node) == [0, 10])
  }

  @Test func aSignalInACollectionLeavesThePreviousFile() throws {
    let node = node()
    let good = try #require(node.answers[.gpus]?.first)
    node.answers[.gpus] = [good, ChildOutcome(end: .terminated)]
    let run = FakeRun(node, ["--interval", "10"])
    #expect(run.files.map(\.success) == ["1"])
    #expect(run.status == .success)
    #expect(node.sleeps.count == 1)
  }

  @Test func aSignalInTheOnlyCollectionIsNoSuccess() {
    let node = node()
    node.answers[.gpus] = [ChildOutcome(end: .terminated)]
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.files.isEmpty)
    #expect(run.errors == "gpu-sessions: error: \(CollectionFailure.terminated.sentence)\n")
  }

  @Test func aSignalInTheSecondWavePublishesNoNodeWithoutItsInstances() {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0))])
    node.answers[.list] = [ChildOutcome(end: .terminated)]
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(node.published.isEmpty)
  }

  @Test func aSignalInTheFirstCollectionOfSeveralIsNoSuccess() {
    let node = node()
    node.answers[.gpus] = [ChildOutcome(end: .terminated)]
    let run = FakeRun(node, ["--interval", "10"])
    #expect(run.files.isEmpty)
    #expect(run.status != .success)
  }

  @Test func aFileThatCannotBeWrittenEndsNoInterval() {
    let node = node()
    node.publishFailure = PublishError(step: .write, errno: 28, path: "/a/b.prom")
    #expect(FakeRun(node, ["--interval", "10", "--for", "25"]).status == .cannotCreate)
    #expect(node.spawned.count == 3)
  }

  @Test(arguments: [(["--interval", "10"], true), (["--interval", "10", "--timeout", "3"], false)])
  func theTimeoutStaysBelowTheInterval(arguments: [String], isCapped: Bool) throws {
    let node = node()
    let begin = node.now
    _ = FakeRun(node, arguments + ["--for", "5"])
    let limit = try #require(node.spawned.first).deadline - begin
    #expect(limit > 0)
    if isCapped { #expect(limit < 10 * second) } else { #expect(limit == 3 * second) }
  }

  /// systemd sends SIGTERM to the children too, so nvidia-smi may have died of it when the program looks.
  @Test func aSignalThatNvidiaSMIDiesOfIsNotPublishedAsItsCrash() {
    let node = node()
    node.answers[.gpus] = [ChildOutcome(end: .signaled(15))]
    node.isTerminated = true
    let run = FakeRun(node)
    #expect(run.status == .failure && run.files.isEmpty)
    #expect(run.errors == "gpu-sessions: error: \(CollectionFailure.terminated.sentence)\n")
  }
}
