import Testing

@testable import GPUSessions

/// What `--mig-utilization` asks, and what becomes of the answer.
@Suite struct MIGUtilizationStageTests {
  private let first: [FakeHost.Query] = [.gpus, .apps, .pmon, .table]

  private func node(_ rows: String..., header: String = "# gpu mig_id gi_id ci_id gract smutil dram\n") -> FakeHost
  {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0))])
    node.answers[.dmon] = [.text(header + rows.map { $0 + "\n" }.joined())]
    return node
  }

  private func figures(_ file: PublishedFile, _ family: String = "gpu_mig_utilization") -> [String] {
    file.rows(family).map { String($0.split(separator: "\"")[1] + " " + ($0.split(separator: " ").last ?? "")) }
  }

  @Test func dmonIsAskedBesideTheListAndJoinedByIDs() {
    let node = node("0 0 1 0 40 30 20", "0 1 2 0 0 0 0")
    let run = FakeRun(node, ["--mig-utilization"])
    #expect(node.spawned.map(\.queries) == [first, [.list, .dmon]])
    #expect(figures(run.file) == ["0_1_0 40", "0_2_0 0"])
    #expect(figures(run.file, "gpu_mig_sm_utilization") == ["0_1_0 30", "0_2_0 0"])
    #expect(figures(run.file, "gpu_mig_memory_bandwidth_utilization") == ["0_1_0 20", "0_2_0 0"])
    #expect(run.file.problems("mig_utilization_unknown") == "0" && run.file.success == "1")
  }

  @Test func withoutTheOptionOrWithoutInstancesItIsNotAsked() {
    let quiet = node("0 0 1 0 40 30 20")
    #expect(figures(FakeRun(quiet).file) == [])
    #expect(quiet.spawned.map(\.queries) == [first, [.list]])
    let whole = FakeHost.node([FakeProcess(pid: 100)])
    #expect(FakeRun(whole, ["--mig-utilization"]).file.problems("mig_utilization_unknown") == "0")
    #expect(whole.spawned.map(\.queries) == [first])
  }

  @Test func anInstanceThatIsLeftOutCostsItselfOnly() {
    let run = FakeRun(node("0 0 1 0 40 30 20", "0 7 9 0 1 1 1", "0 x 2 0 1 1"), ["--mig-utilization"])
    #expect(figures(run.file) == ["0_1_0 40"])
    #expect(run.file.problems("mig_utilization_unknown") == "2" && run.file.success == "1")
  }

  @Test func oneRowForSeveralComputeInstancesIsNobodys() {
    let node = node("0 0 1 0 40 30 20")
    node.setList(profiles: ["1c.3g.40gb", "1c.3g.40gb"])
    node.setTables(.mig([(0, 1, 0), (0, 1, 1)], []))
    let run = FakeRun(node, ["--mig-utilization"])
    #expect(figures(run.file) == [])
    #expect(run.file.problems("mig_utilization_unknown") == "2")
  }

  @Test(arguments: [
    ChildOutcome.text("Invalid combination of input arguments.\n", exit: 2), .text("# gpu sm\n0 1\n"),
    .init(end: .deadline), .init(end: .notStarted(2)), .text(""),
  ])
  func withoutAnAnswerOnlyTheFiguresAreMissing(outcome: ChildOutcome) {
    let node = node()
    node.answers[.dmon] = [outcome]
    let run = FakeRun(node, ["--mig-utilization"])
    #expect(run.status == .success && run.file.success == "1" && run.file.stage("mig") == "1")
    #expect(figures(run.file) == [])
    #expect(run.file.problems("mig_utilization_unknown") == "1")
    #expect(run.file.rows("gpu_mig_info").count == 2)
  }

  /// How often a loop of three runs asks dmon.
  private func asked(_ node: FakeHost) -> Int {
    let run = FakeRun(node, ["--mig-utilization", "--interval", "10", "--for", "25"])
    #expect(run.files.map { $0.problems("mig_utilization_unknown") } == ["1", "1", "1"])
    return node.spawned.flatMap(\.queries).count { $0 == .dmon }
  }

  @Test func aLoopAsksADriverOnceThatDoesNotKnowTheOption() {
    let node = node()
    node.answers[.dmon] = [.text("Invalid combination of input arguments.\n", exit: 2)]
    #expect(asked(node) == 1)
  }

  @Test func aLoopAsksAgainAfterAFailureThatMayPass() {
    let node = node()
    let message = "Unable to determine the device handle for GPU0: 0000:01:00.0: Unknown Error\n"
    node.answers[.dmon] = [.text(message, exit: 255)]
    #expect(asked(node) == 3)
  }

  @Test func aLoopAsksAgainWhenTheDriverChanges() {
    let node = node("0 0 1 0 40 30 20", "0 1 2 0 0 0 0")
    node.answers[.dmon]?.insert(.text("Invalid combination of input arguments.\n", exit: 2), at: 0)
    let gpus = FakeGPU.table([.init(index: 0, mig: "Enabled"), .init(index: 1)])
    node.answers[.gpus] = [.text(gpus), .text(gpus.replacing("590.48.01", with: "610.57.04"))]
    let run = FakeRun(node, ["--mig-utilization", "--interval", "10", "--for", "25"])
    #expect(run.files.map { figures($0).count } == [0, 0, 2])
  }

  @Test func aLoopAsksOnAmpereOnce() {
    let node = node("0 0 1 0 - - -", "0 1 2 0 - - -")
    let gpus = FakeGPU.table([.init(index: 0, mig: "Enabled")]).replacing("H100 80GB HBM3", with: "A100-SXM4-80GB")
    node.answers[.gpus] = [.text(gpus)]
    #expect(asked(node) == 1)
  }

  @Test func aLoopAsksAgainWhereAnAnswerMayComeYet() {
    #expect(asked(node("0 0 1 0 - - -", "0 1 2 0 - - -")) == 3)
    let late = node()
    late.answers[.dmon] = [.init(end: .deadline)]
    #expect(asked(late) == 3)
  }
}
