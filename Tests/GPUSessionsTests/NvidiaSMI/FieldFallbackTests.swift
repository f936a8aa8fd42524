import GPUSessions
import Testing

@Suite struct FieldFallbackTests {
  private func fields(_ spawned: FakeHost.Spawned) -> [String] {
    let text = spawned.commands.first?.arguments.first?.split(separator: "=").last ?? ""
    return text.split(separator: ",").map(String.init)
  }

  @Test(arguments: ["gpu_recovery_action", "power.draw", "driver_version"])
  func anUnknownFieldIsLeftOutAndNothingElse(unknown: String) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.unknownFields = [unknown]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table], [.gpus]])
    #expect(node.spawned.last.map(fields) == GPUList.fields.filter { $0 != unknown })
    #expect(run.file.problems("field_unsupported") == "1")
    #expect(run.file.success == "1")
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1")
  }

  /// The fields that drivers do not know, before 450, before 535 and before `gpu_recovery_action` came.
  @Test(arguments: [
    ["mig.mode.current", "mig.mode.pending", "clocks_event_reasons.gpu_idle", "gpu_recovery_action"],
    ["clocks_event_reasons.gpu_idle", "gpu_recovery_action"], ["gpu_recovery_action"],
  ])
  func anOlderDriverIsAskedOnceMore(unknown: [String]) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.unknownFields = Set(unknown)
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table], [.gpus]])
    #expect(node.spawned.last.map(fields) == GPUList.fields.filter { !unknown.contains($0) })
    #expect(run.file.problems("field_unsupported") == "\(unknown.count)")
    #expect(run.file.rows("gpu_power_limit_watts").count == 1)
  }

  @Test func aDriverThatComplainsAgainIsAskedForTheRequiredFields() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.unknownFields = ["power.limit", "temperature.gpu"]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table], [.gpus], [.gpus]])
    #expect(node.spawned.last.map(fields) == GPUList.requiredFields)
    #expect(run.file.problems("field_unsupported") == "\(GPUList.fields.count - 2)")
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1")
  }

  @Test func aLoopRemembersWhatTheDriverDoesNotKnow() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.unknownFields = ["gpu_recovery_action", "used_gpu_memory"]
    let run = FakeRun(node, ["--interval", "10", "--for", "25"])
    let wave: [FakeHost.Query] = [.gpus, .apps, .pmon, .table]
    #expect(node.spawned.map(\.queries) == [wave, [.gpus], [.apps], wave, wave])
    #expect(run.files.map { $0.problems("field_unsupported") } == ["2", "2", "2"])
    #expect(run.files.map(\.success) == ["1", "1", "1"])
  }

  @Test func aLoopForgetsWhenTheDriverChanges() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.unknownFields = ["gpu_recovery_action"]
    let newer = FakeGPU.table([.init(index: 0)]).replacing("590.48.01", with: "610.57.04")
    node.answers[.gpus]? += [.text(newer)]
    let run = FakeRun(node, ["--interval", "10", "--for", "35"])
    // The second run is told another version. So the third asks for all fields again.
    let wave: [FakeHost.Query] = [.gpus, .apps, .pmon, .table]
    #expect(node.spawned.map(\.queries) == [wave, [.gpus], wave, wave, [.gpus], wave])
    #expect(run.files.map { $0.problems("field_unsupported") } == ["1", "1", "1", "1"])
  }

  @Test func aMessageThatNamesNoFieldOfOursLeavesTheRequiredOnes() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.gpus, default: []].insert(
      .text("Field \"something.else\" is not a valid field to query.\n\n", exit: 2), at: 0)
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(node.spawned.last.map(fields) == ["index", "uuid"])
    #expect(run.file.problems("field_unsupported") == "\(GPUList.fields.count - 2)")
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1")
  }

  @Test func aDriverThatKnowsNotEvenTheRequiredFieldsIsAskedTwiceAtMost() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.answers[.gpus] = [.text("Field \"uuid\" is not a valid field to query.\n\n", exit: 2)]
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.file.isOnlyAboutCollector)
    #expect(node.spawned.count { $0.queries == [.gpus] } <= 1)
  }

  @Test func aProcessListWithoutMemoryIsAList() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.unknownFields = ["used_gpu_memory"]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(run.file.problems("field_unsupported") == "1")
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1")
    #expect(run.file.rows("gpu_process_memory_bytes") == [])
    #expect(run.file.rows("gpu_process_info").first?.contains("command=\"python3\"") == true)
    #expect(run.file.rows("gpu_process_info").first?.contains("gpu_memory=\"\"") == true)
  }

  @Test(arguments: [14, 1, 255] as [Int32])
  func rowsAreDataWhateverTheExitStatus(status: Int32) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    for query in [FakeHost.Query.gpus, .apps, .pmon, .table] {
      node.answers[query] = node.answers[query]?.map {
        ChildOutcome(end: .exited(status), standardOutput: $0.standardOutput)
      }
    }
    node.answers[.gpus]?[0].standardOutput += Array("WARNING: infoROM is corrupted at gpu 0\n".utf8)
    let run = FakeRun(node)
    #expect(run.status == .success && run.errors == "")
    #expect(run.file.success == "1")
    #expect(run.file.problems("device_row_malformed") == "0")
    let named = FakeHost.named(gpu: "0", pid: 100, uuid: FakeGPU(index: 0).uuid)
    #expect(run.file.rows("gpu_process_info") == [named])
    #expect(node.spawned.count == 1)
  }
}
