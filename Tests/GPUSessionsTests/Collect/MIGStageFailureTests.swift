import GPUSessions
import Testing

@Suite struct MIGStageFailureTests {
  private static let process = FakeProcess(pid: 100, instance: (1, 0))
  private static let whole = FakeTable.mig([process]).text

  private static let failures: [ChildOutcome] = [
    .text(String(whole.prefix(300))),
    .text(""),
    .text("Unable to determine the device handle for GPU0: 0000:00:00.0: Unknown Error\n", exit: 15),
    .text(FakeTable(processes: [process]).text),
    .text(FakeTable.mig([(0, 1, 0), (0, 1, 0)], [process]).text),
    .text(whole.replacing("|  0    2   0   1  |", with: "|  0    2   0  N/A |")),
    .text(whole.replacing("|  0    2   0   1  |", with: "|  0    2   0   1   ")),
    ChildOutcome(end: .deadline, standardOutput: Array(whole.utf8)),
    ChildOutcome(end: .abandoned),
    ChildOutcome(end: .signaled(11), standardOutput: Array(whole.utf8)),
    ChildOutcome(end: .outputLimit),
    ChildOutcome(end: .notStarted(11)),
  ]

  @Test(arguments: failures)
  func withoutTheTableMIGGPUsAreUnreadableAndOthersStay(outcome: ChildOutcome) {
    let node = FakeHost.migNode([Self.process, FakeProcess(gpu: 1, pid: 101)])
    node.addProcess(101, comm: "python3")
    node.answers[.table] = [outcome]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(run.file.success == "0")
    #expect(run.file.stage("mig") == "0")
    #expect(run.file.problems("device_unreadable") == "1")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"1\"} 1"])
    #expect(
      run.file.rows("gpu_process_info") == [FakeHost.named(gpu: "1", pid: 101, uuid: FakeGPU(index: 1).uuid)])
    #expect(run.file.rows("gpu_mig_info") == [])
    #expect(run.file.rows("gpu_device_readable").map { $0.suffix(2) } == [" 0", " 1"])
    #expect(run.file.rows("gpu_info").count == 2)
  }

  /// Wherever the table ends, no instance is said to be idle, or to be another process's.
  @Test func aTableThatEndsEarlyInventsNothing() {
    let processes = [Self.process, FakeProcess(pid: 200, instance: (2, 0))]
    let text = FakeTable.mig(processes).text
    for length in stride(from: 0, through: text.utf8.count, by: 23) {
      let node = FakeHost.migNode(processes)
      node.answers[.table] = [.text(String(text.prefix(length)))]
      let run = FakeRun(node)
      let counts = run.file.rows("gpu_session_count").filter { $0.contains("\"0_") }
      #expect(counts.allSatisfy { ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 1"].contains($0) }, "cut at \(length)")
      #expect(run.file.success == (counts.count == 2 ? "1" : "0"), "cut at \(length)")
    }
  }

  @Test func withOnlyMIGGPUsTheRunFails() {
    let node = FakeHost.migNode([Self.process])
    node.answers[.gpus] = [.text(FakeGPU.table([.init(index: 0, mig: "Enabled")]))]
    node.answers[.table] = [.text("")]
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.file.isOnlyAboutCollector)
  }

  @Test func aMissingListCostsUUIDsOnly() {
    let node = FakeHost.migNode([Self.process])
    node.answers[.list] = [ChildOutcome(end: .deadline)]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(run.file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1")
    #expect(run.file.problems("mig_layout_changed") == "1")
    #expect(run.file.stage("mig") == "0")
  }

  @Test func withMIGOnAndNoInstanceMadeThereIsNoSessionFamilyForTheGPU() {
    let node = FakeHost.migNode([])
    node.setList(profiles: [])
    node.setTables(.mig([], []))
    let run = FakeRun(node)
    #expect(run.status == .success && run.file.success == "1" && run.file.stage("mig") == "1")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"1\"} 0"])
    #expect(run.file.rows("gpu_process_info").count == 1)
    #expect(run.file.rows("gpu_info").count == 2)
    #expect(run.file.rows("gpu_memory_used_bytes").count == 2)
  }

  @Test func aMIGGPUWhoseInstancesTheTableDoesNotHaveIsAChangedLayoutAndCostsNoOther() {
    let node = FakeHost.migNode([Self.process])
    node.answers[.gpus] = [
      .text(FakeGPU.table([.init(index: 0, mig: "Enabled"), .init(index: 1, mig: "Enabled")]))
    ]
    node.answers[.list]?[0].standardOutput += Array(
      "  MIG 7g.80gb     Device  0: (UUID: \(FakeHost.migUUID(9)))\n".utf8)
    let run = FakeRun(node)
    #expect(run.file.problems("mig_layout_changed") == "1" && run.file.stage("mig") == "0")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 0"])
    #expect(run.file.rows("gpu_mig_info").count == 2 && !run.file.text.contains(FakeHost.migUUID(9)))
  }

  @Test func aGPUWhoseProcessesAreKeptFromUsHasNoInstancesAndItsReason() throws {
    let node = FakeHost.migNode([Self.process, FakeProcess(gpu: 1, pid: 101)])
    node.answers[.apps] = [
      .text(
        FakeProcess.table([FakeProcess(gpu: 1, pid: 101)]) + FakeGPU(index: 0).uuid
          + ", [Insufficient Permissions], [Insufficient Permissions]\n")
    ]
    let outcome = Pipeline(host: node.host, options: Options()).run()
    let state = try #require(outcome.node)
    #expect(state.inventory.gpus.map(\.unreadableReason) == [.forbidden, nil])
    #expect(state.inventory.instances.isEmpty && state.sessions.map(\.pid) == [101])
    // The table's rows of a GPU that could not be read say nothing.
    #expect(outcome.report.problems[.processUnlisted] == 0 && outcome.report.problems[.migUnplaced] == 0)
  }
}
