import GPUSessions
import Testing

@Suite struct RunTests {
  private func node() -> FakeHost { FakeHost.node([FakeProcess(pid: 100)]) }

  private func standardOutput(_ node: FakeHost) -> String {
    String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)
  }

  @Test func aRunThatSucceedsSaysNothing() {
    let node = node()
    let run = FakeRun(node, ["collect", "--output", "/x/y.prom"])
    #expect(run.status == .success)
    #expect(run.errors == "" && standardOutput(node) == "")
    #expect(node.published.map(\.path) == ["/x/y.prom"])
  }

  @Test func aFileIsOfTheStartOfItsRun() {
    let node = node()
    let before = node.host.wallClock()
    node.spawnSpans = [5 * Nanoseconds.perSecond]
    _ = FakeRun(node)
    #expect(node.published.map(\.started) == [before])
    #expect(
      node.published.first?.file.value("gpu_session_collector_last_run_timestamp_seconds") == "1700001000")
  }

  @Test func aDashIsStandardOutput() {
    let node = node()
    #expect(run(["--output", "-"], node.host) == .success)
    #expect(node.published.isEmpty)
    #expect(PublishedFile(node.output[.standardOutput] ?? []).success == "1")
    #expect(node.errors == "")
  }

  @Test func brokenStandardOutputIsAnOutputThatCannotBeWritten() {
    for arguments in [["--output", "-"], ["--help"], ["--version"]] {
      let node = node()
      node.isStandardOutputBroken = true
      #expect(run(arguments, node.host) == .cannotCreate, "\(arguments)")
    }
  }

  @Test(
    arguments: [
      (PublishError(step: .openDirectory, errno: 2, path: "/x"), "mkdir -p /x"),
      (PublishError(step: .openDirectory, errno: 20, path: "/x"), "not a directory"),
      (PublishError(step: .lock, errno: 0, path: "/x"), "another process"),
      (PublishError(step: .lock, errno: 0, path: "/x"), "sudo fuser -v /x"),
      (PublishError(step: .create, errno: 13, path: "/x/y.prom"), "permission denied"),
      (PublishError(step: .write, errno: 28, path: "/x/y.prom"), "no space left on device"),
      (PublishError(step: .sync, errno: 5, path: "/x/y.prom"), "input/output error"),
      (PublishError(step: .rename, errno: 21, path: "/x/y.prom"), "is a directory"),
      (PublishError(step: .rename, errno: 4242, path: "/x/y.prom"), "4242"),
    ])
  func anUnwritableOutputIsOneSentence(error: PublishError, part: String) {
    let node = node()
    node.publishFailure = error
    let run = FakeRun(node, ["--output", "/x/y.prom"])
    #expect(run.status == .cannotCreate)
    #expect(run.errors.hasPrefix("gpu-sessions: error: /x/y.prom "))
    #expect(run.errors.contains(part))
    #expect(run.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(run.errors.hasSuffix("\n"))
  }

  @Test func verboseEndsWithOneLineOfSummary() throws {
    let node = node()
    let run = FakeRun(node, ["--verbose"])
    #expect(run.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(run.errors.hasPrefix("gpu-sessions: 1 session"))
    #expect(run.errors.contains("success 1"))
    #expect(standardOutput(node) == "")
  }

  @Test func aPartialRunWarnsUnlessQuiet() {
    for (arguments, lines) in [([], 1), (["--quiet"], 0)] as [([String], Int)] {
      let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [FakeProcess(pid: 100)])
      node.answers[.apps]?[0].standardOutput += Array(
        "\(FakeGPU(index: 1).uuid), [Insufficient Permissions], [N/A]\n".utf8)
      let run = FakeRun(node, arguments)
      #expect(run.status == .success)
      #expect(run.errors.utf8.count { $0 == UInt8(ascii: "\n") } == lines, "\(run.errors)")
    }
  }

  @Test func quietStillSaysWhyARunFailed() {
    let node = node()
    node.answers[.gpus] = [.text("No devices were found\n", exit: 6)]
    let sentence = CollectionFailure.noDevices.sentence(reason: "No devices were found")
    #expect(FakeRun(node, ["--quiet"]).errors == "gpu-sessions: error: \(sentence)\n")
  }

  @Test(arguments: ["a\nb", "a\u{7}b", "a\r\nb"])
  func whatComesFromOutsideStartsNoSecondLine(path: String) {
    let node = node()
    let run = FakeRun(node, ["--nvidia-smi", "/opt/\(path)"])
    #expect(run.status == .failure)
    #expect(run.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
  }

  @Test func wrongUsageTouchesNothing() {
    for arguments in [["--frobnicate"], ["nonsense"], ["--label", "gpu=1"], ["--output"], ["--for", "3"]] {
      let node = node()
      #expect(run(arguments, node.host) == .usage)
      #expect(node.spawned.isEmpty && node.published.isEmpty && node.reads.isEmpty)
      #expect(standardOutput(node) == "")
      #expect(node.errors.hasPrefix("gpu-sessions: error: "))
    }
  }

  @Test func argumentsThatCannotBeReadAreNoDefaults() {
    let node = node()
    #expect(run(nil, node.host) == .usage)
    #expect(node.spawned.isEmpty && node.published.isEmpty && node.reads.isEmpty)
    #expect(node.errors == "gpu-sessions: error: the arguments cannot be read from /proc/self\n")
  }

  @Test func constantLabelsStandLastOnEverySample() {
    let run = FakeRun(node(), ["--label", "cluster=a", "--label", "zone=b\"c"])
    #expect(run.status == .success)
    #expect(!run.file.samples.isEmpty)
    #expect(run.file.samples.allSatisfy { $0.contains("cluster=\"a\",zone=\"b\\\"c\"} ") })
  }

  @Test func `diagnostics hold nothing that a terminal obeys`() {
    let node = node()
    _ = FakeRun(node, ["--nvidia-smi", "/a\u{1B}[2J\u{9B}31m\n\u{202E}/b"])
    #expect(node.errors.contains("/a?[2J?31m??/b is not the path of an executable file"))
    #expect(node.errors.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
  }
}
