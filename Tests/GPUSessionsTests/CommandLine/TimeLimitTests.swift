import GPUSessions
import Testing

/// What is said and published when something hangs. `FakeHost.lateness` has each body that is watched hang.
@Suite struct TimeLimitTests {
  private func node(_ lateness: [Lateness?]) -> FakeHost {
    let node = FakeHost.node(gpus: [.init(index: 0)], [FakeProcess(pid: 100)])
    node.lateness = lateness
    return node
  }

  @Test func aCollectionThatHangsIsPublishedAsFailed() throws {
    let node = node([.overdue])
    _ = run(["--timeout", "40"], node.host)
    #expect(node.lateStatuses == [ExitStatus.failure.rawValue])
    #expect(node.watched.first == node.now + 43 * Nanoseconds.perSecond)
    #expect(node.errors.hasPrefix("gpu-sessions: error: \(CollectionFailure.filesHang.sentence)\n"))
    let file = try #require(node.published.first?.file)
    #expect(file.isOnlyAboutCollector)
    #expect(file.problems("files_hang") == "1")
  }

  @Test func aLoopSaysThatItEnds() {
    let node = node([.overdue])
    _ = run(["--interval", "20", "--for", "1"], node.host)
    #expect(node.errors.contains("no further run"))
    // 18 s for the queries, 3 for the rest.
    #expect(node.watched.first == 1_021 * Nanoseconds.perSecond)
  }

  @Test func aPublicationThatHangsIsAnOutputThatCannotBeWritten() {
    let node = node([nil, .overdue])
    _ = run(["--output", "/x/y.prom"], node.host)
    #expect(node.lateStatuses == [ExitStatus.cannotCreate.rawValue])
    #expect(node.errors.hasPrefix("gpu-sessions: error: /x/y.prom cannot be written: its file system"))
    #expect(node.watched.last == node.now + 54 * Nanoseconds.perSecond)
    #expect(node.published.isEmpty)
  }

  @Test func aSignalEndsWhatHangsAndPublishesNothing() {
    for lateness in [[.terminated], [nil, .terminated]] as [[Lateness?]] {
      let node = node(lateness)
      _ = run(["--output", "/x/y.prom"], node.host)
      #expect(node.lateStatuses == [ExitStatus.failure.rawValue])
      #expect(node.errors.contains("stopped by SIGTERM or SIGINT before"))
    }
  }

  @Test func aReaderOfStandardOutputMayTakeItsTime() {
    let node = node([])
    #expect(run(["--output", "-"], node.host) == .success)
    #expect(node.watched.count == 1)
  }

  @Test func aRemovalThatHangs() {
    let node = node([.overdue])
    _ = run(["remove", "--output", "/x/y.prom"], node.host)
    #expect(node.lateStatuses == [ExitStatus.cannotCreate.rawValue])
    #expect(node.errors.contains("/x/y.prom cannot be removed"))
  }

  @Test func showSaysThatACollectionHangs() {
    let node = node([.overdue])
    _ = run(["show", "--json"], node.host)
    #expect(node.lateStatuses == [ExitStatus.failure.rawValue])
    #expect(node.errors.contains(CollectionFailure.filesHang.fact))
    #expect(node.published.isEmpty)
  }

  @Test func checkNamesTheCheckThatHangs() {
    let node = FakeHost.installed()
    node.lateness = Check.all.map { $0.name == "names" ? .overdue : nil }
    _ = run(["check"], node.host)
    #expect(node.lateStatuses == [ExitStatus.failure.rawValue])
    let output = String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)
    #expect(output.contains("fail  names"))
    #expect(output.contains("skip  allocations         not run: the check names does not end"))
  }
}
