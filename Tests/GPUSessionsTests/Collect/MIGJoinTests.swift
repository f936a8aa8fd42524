import GPUSessions
import Testing

/// The process list, `-L` and `-q -x` are different moments and may be forged.
@Suite struct MIGJoinTests {
  private let first = FakeProcess(pid: 100, instance: (1, 0))
  private let second = FakeProcess(pid: 200, instance: (2, 0))

  @Test func sessionsStandOnTheirInstances() {
    let run = FakeRun(FakeHost.migNode([first, second]))
    #expect(run.status == .success && run.errors == "")
    #expect(run.file.success == "1")
    #expect(
      run.file.rows("gpu_process_info").prefix(2) == [
        FakeHost.named(gpu: "0_1_0", pid: 100, uuid: FakeHost.migUUID(0)),
        FakeHost.named(gpu: "0_2_0", pid: 200, uuid: FakeHost.migUUID(1)),
      ])
    #expect(
      run.file.rows("gpu_session_count") == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 1", "{gpu=\"1\"} 0"])
    #expect(run.file.rows("gpu_process_utilization") == [])
  }

  @Test(arguments: [["3g.40gb"], ["3g.40gb", "2g.20gb", "1g.10gb"], []])
  func aChangedLayoutCostsNamesOfInstancesButNoSession(profiles: [String]) {
    let node = FakeHost.migNode([first, second])
    node.setList(profiles: profiles)
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(run.file.problems("mig_layout_changed") == "1")
    #expect(run.file.rows("gpu_session_count").prefix(2) == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 1"])
    #expect(!run.file.text.contains("MIG-"))
    #expect(!run.file.text.contains("40gb"))
    #expect(run.file.rows("gpu_compute_fraction").map { $0.prefix(9) } == ["{gpu=\"1\","])
    #expect(run.file.rows("gpu_instance_compute_fraction") == [])
  }

  @Test func aPIDOfTheCSVAloneIsAskedForOnceMore() {
    let node = FakeHost.migNode([first, second])
    node.answers[.document] = [
      .text(FakeDocument(processes: [first]).text), .text(FakeDocument(processes: [first, second]).text),
    ]
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon], [.list, .document], [.document]])
    #expect(run.file.problems("mig_unplaced") == "0")
    #expect(run.file.value("gpu_session_count{gpu=\"0_2_0\"}") == "1")
    #expect(run.file.success == "1")
  }

  @Test func aPIDThatIsNeverPlacedIsCountedAndNotOnTheParent() {
    let node = FakeHost.migNode([first, second])
    node.answers[.document] = [.text(FakeDocument(processes: [first]).text)]
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon], [.list, .document], [.document]])
    #expect(run.status == .success)
    #expect(run.file.problems("mig_unplaced") == "1")
    #expect(run.file.success == "0")
    #expect(!run.file.text.contains("pid=\"200\""))
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == nil)
    #expect(run.file.value("gpu_session_count{gpu=\"0_2_0\"}") == "0")
  }

  @Test func aSecondDocumentOfAnotherLayoutIsNotMixedIn() {
    let node = FakeHost.migNode([first, second])
    node.answers[.document] = [
      .text(FakeDocument(processes: [first]).text),
      .text(FakeDocument(instances: [(5, 0)], processes: [first, second]).text),
    ]
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_session_count").prefix(2) == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 0"])
    #expect(run.file.problems("mig_unplaced") == "1")
  }

  @Test func aPIDInTwoInstancesIsTwoSessions() {
    let node = FakeHost.migNode([first])
    let both = [first, FakeProcess(pid: 100, instance: (2, 0))]
    node.answers[.document] = [.text(FakeDocument(processes: both).text)]
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_session_count").prefix(2) == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 1"])
    #expect(run.file.value("gpu_total_sessions") == "2")
    #expect(node.reads.count { $0 == "/proc/100/stat" } == 1)
  }

  @Test func twoIdenticalRowsAreOne() {
    let node = FakeHost.migNode([first])
    node.answers[.document] = [.text(FakeDocument(processes: [first, first]).text)]
    let run = FakeRun(node)
    #expect(run.file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1")
    #expect(run.file.problems("process_row_duplicate") == "0")
  }

  @Test func aPIDOfTheDocumentAloneGetsNoNames() {
    let node = FakeHost.migNode([first])
    node.addProcess(300)
    let forged = FakeProcess(pid: 300, instance: (2, 0))
    node.answers[.document] = [.text(FakeDocument(processes: [first, forged]).text)]
    let run = FakeRun(node)
    #expect(run.file.value("gpu_session_count{gpu=\"0_2_0\"}") == "1")
    #expect(
      run.file.rows("gpu_process_info").contains(
        FakeHost.unnamed(gpu: "0_2_0", pid: 300, uuid: FakeHost.migUUID(1))))
    #expect(run.file.problems("process_unconfirmed") == "1")
    #expect(!node.reads.contains { $0.hasPrefix("/proc/300/") })
  }

  @Test func aPIDThatOnlyPmonConfirmsHasNames() {
    let node = FakeHost.migNode([first])
    node.answers[.apps] = [.text(FakeProcess.table([]))]
    let run = FakeRun(node)
    #expect(
      run.file.rows("gpu_process_info").first
        == FakeHost.named(gpu: "0_1_0", pid: 100, uuid: FakeHost.migUUID(0)))
  }

  /// MIG devices are numbered without a gap. With one, a device is missing in both answers, and the numbers say nothing.
  @Test func numbersWithAGapJoinNothing() {
    let node = FakeHost.migNode([first])
    for query in [FakeHost.Query.list, .document] {
      node.answers[query] = node.answers[query]?.map { outcome in
        let text = String(decoding: outcome.standardOutput, as: UTF8.self)
        return .text(
          text.replacing("<index>1</index>", with: "<index>2</index>").replacing("Device  1:", with: "Device  2:"))
      }
    }
    let run = FakeRun(node)
    #expect(run.file.problems("mig_layout_changed") == "1" && !run.file.text.contains("MIG-"))
    #expect(run.file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1")
  }

  @Test func aSecondDocumentThatAlsoLacksAGPUIsNotTaken() {
    let node = FakeHost.migNode([first, second])
    node.answers[.gpus] = [
      .text(FakeGPU.table([.init(index: 0, mig: "Enabled"), .init(index: 1, mig: "Enabled")]))
    ]
    node.answers[.document] = [
      .text(FakeDocument(processes: [first]).text), .text(FakeDocument(processes: [first, second]).text),
    ]
    let run = FakeRun(node)
    #expect(run.file.problems("mig_unplaced") == "1" && run.file.problems("device_unreadable") == "1")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 0"])
  }
}
