import GPUSessions
import Testing

/// The process list, `-L` and the table are different moments.
@Suite struct MIGJoinTests {
  private let first = FakeProcess(pid: 100, instance: (1, 0))
  private let second = FakeProcess(pid: 200, instance: (2, 0))
  private let firstWave: [FakeHost.Query] = [.gpus, .apps, .pmon, .table]

  @Test func sessionsStandOnTheirInstances() {
    let node = FakeHost.migNode([first, second])
    let run = FakeRun(node)
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
    // No process is missing in the table, so it is not asked for again.
    #expect(node.spawned.map(\.queries) == [firstWave, [.list]])
  }

  @Test(arguments: [["3g.40gb"], ["3g.40gb", "2g.20gb", "1g.10gb"], []])
  func aChangedLayoutCostsNamesOfInstancesButNoSession(profiles: [String]) {
    let node = FakeHost.migNode([first, second])
    node.setList(profiles: profiles)
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(run.file.problems("mig_layout_changed") == "1" && run.file.stage("mig") == "0")
    #expect(run.file.rows("gpu_session_count").prefix(2) == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 1"])
    #expect(!run.file.text.contains("MIG-"))
    #expect(!run.file.text.contains("40gb"))
    #expect(run.file.rows("gpu_compute_fraction").map { $0.prefix(9) } == ["{gpu=\"1\","])
    #expect(run.file.rows("gpu_instance_compute_fraction") == [])
  }

  /// Before R470 the UUIDs in `-L` end in the IDs of the instance.
  @Test(arguments: [(["1/0", "2/0"], "0"), (["2/0", "1/0"], "1"), (["1/0", "2/1"], "1")])
  func idsInTheListAreThoseOfTheTable(ids: [String], changed: String) {
    let node = FakeHost.migNode([first, second])
    let uuid = FakeGPU(index: 0).uuid
    let lines = ids.enumerated().map { "  MIG 3g.40gb     Device  \($0): (UUID: MIG-\(uuid)/\($1))\n" }
    node.answers[.list] = [.text("GPU 0: NVIDIA H100 (UUID: \(uuid))\n" + lines.joined())]
    #expect(FakeRun(node).file.problems("mig_layout_changed") == changed)
  }

  @Test func aPIDOfTheListAloneIsAskedForOnceMore() {
    let node = FakeHost.migNode([first, second])
    node.setTables(.mig([first]), .mig([first, second]))
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [firstWave, [.list, .table]])
    #expect(run.file.problems("mig_unplaced") == "0")
    #expect(run.file.value("gpu_session_count{gpu=\"0_2_0\"}") == "1")
    #expect(run.file.success == "1")
  }

  @Test func aProcessOnAnotherGPUThatTheTableDoesNotHaveIsNoReasonToAskAgain() {
    let node = FakeHost.migNode([first, FakeProcess(gpu: 1, pid: 300)])
    node.setTables(.mig([first]))
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [firstWave, [.list]])
    #expect(run.file.value("gpu_session_count{gpu=\"1\"}") == "1" && run.file.success == "1")
  }

  /// No device of the GPU is known to be idle then: the process may be on any of them.
  @Test func aPIDThatIsNeverPlacedIsCountedAndNotOnTheParent() {
    let node = FakeHost.migNode([first, second])
    node.setTables(.mig([first]))
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [firstWave, [.list, .table]])
    #expect(run.status == .success)
    #expect(run.file.problems("mig_unplaced") == "1")
    #expect(run.file.success == "0")
    #expect(!run.file.text.contains("pid=\"200\""))
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0_1_0\"} 1", "{gpu=\"1\"} 0"])
    #expect(!run.file.text.contains("gpu=\"0_2_0\",pid="))
  }

  @Test func aSecondTableOfAnotherLayoutIsNotMixedIn() {
    let node = FakeHost.migNode([first, second])
    node.setTables(.mig([first]), .mig([(0, 5, 0)], [first, second]))
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0_1_0\"} 1", "{gpu=\"1\"} 0"])
    #expect(run.file.problems("mig_unplaced") == "1")
  }

  /// The first process has ended when the table is asked for again, or the second table ends early.
  @Test func aSecondTableTakesNothingAwayFromTheFirst() {
    let whole = FakeTable.mig([first]).text
    for again in [FakeTable.mig([second]).text, String(whole.prefix(whole.utf8.count - 400))] {
      let node = FakeHost.migNode([first, second])
      node.answers[.table] = [.text(whole), .text(again)]
      #expect(
        FakeRun(node).file.rows("gpu_process_info").first
          == FakeHost.named(gpu: "0_1_0", pid: 100, uuid: FakeHost.migUUID(0)))
    }
  }

  @Test func aProcessOfTheSecondTableAloneIsNoFinding() {
    let node = FakeHost.migNode([first, second])
    let late = FakeProcess(pid: 300, instance: (2, 0))
    node.setTables(.mig([first]), .mig([first, second, late]))
    let run = FakeRun(node)
    #expect(run.file.problems("process_unlisted") == "0" && !run.file.text.contains("pid=\"300\""))
    #expect(run.file.value("gpu_session_count{gpu=\"0_2_0\"}") == "1")
  }

  @Test func aPIDInTwoInstancesIsTwoSessions() {
    let node = FakeHost.migNode([first])
    let other = FakeProcess(pid: 100, memory: "512 MiB", instance: (2, 0))
    node.setTables(.mig([first, other]))
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_session_count").prefix(2) == ["{gpu=\"0_1_0\"} 1", "{gpu=\"0_2_0\"} 1"])
    #expect(run.file.value("gpu_total_sessions") == "2")
    // The list has one figure for both; each has its own one in the table.
    #expect(
      run.file.rows("gpu_process_memory_bytes").map { $0.suffix(11) }
        == ["} 1073741824", "\"} 536870912"].map { $0.suffix(11) })
    #expect(node.reads.count { $0 == "/proc/100/stat" } == 1)
  }

  @Test func twoIdenticalRowsAreOne() {
    let node = FakeHost.migNode([first])
    node.setTables(.mig([first, first]))
    let run = FakeRun(node)
    #expect(run.file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1")
    #expect(run.file.problems("process_row_duplicate") == "0")
  }

  @Test func aPIDOfTheTableAloneIsNoSession() {
    let node = FakeHost.migNode([first])
    node.addProcess(300)
    node.setTables(.mig([first, FakeProcess(pid: 300, instance: (2, 0))]))
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0_1_0\"} 1", "{gpu=\"1\"} 0"])
    #expect(!run.file.text.contains("pid=\"300\"") && !run.file.text.contains("gpu=\"0_2_0\",pid="))
    #expect(run.file.problems("process_unlisted") == "1" && run.file.problems("mig_unplaced") == "0")
    #expect(!node.reads.contains { $0.hasPrefix("/proc/300/") })
  }

  @Test(arguments: [nil, (7, 0), (1, 1)] as [(Int, Int)?])
  func aProcessOnNoInstanceThatThereIsIsCounted(instance: (Int, Int)?) {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: instance)])
    let run = FakeRun(node)
    #expect(run.file.problems("mig_unplaced") == "1" && run.file.success == "0")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"1\"} 0"])
    #expect(run.file.rows("gpu_process_info").count == 1)
  }

  @Test func aProcessOnAnInstanceAndOnNoneIsASessionThereAndCounted() {
    let node = FakeHost.migNode([first])
    node.setTables(.mig([first, FakeProcess(pid: 100, instance: (7, 0))]))
    let run = FakeRun(node)
    #expect(run.file.problems("mig_unplaced") == "1" && run.file.success == "0")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0_1_0\"} 1", "{gpu=\"1\"} 0"])
  }

  /// MIG devices are numbered without a gap. With one, a device is missing in both answers, and the numbers say nothing.
  @Test func numbersWithAGapJoinNothing() {
    let node = FakeHost.migNode([first])
    for query in [FakeHost.Query.list, .table] {
      node.answers[query] = node.answers[query]?.map { outcome in
        let text = String(decoding: outcome.standardOutput, as: UTF8.self)
        return .text(
          text.replacing("|  0    2   0   1  |", with: "|  0    2   0   2  |").replacing(
            "Device  1:", with: "Device  2:"))
      }
    }
    let run = FakeRun(node)
    #expect(run.file.problems("mig_layout_changed") == "1" && !run.file.text.contains("MIG-"))
    #expect(run.file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1")
  }
}
