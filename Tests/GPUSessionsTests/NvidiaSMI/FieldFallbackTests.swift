import GPUSessions
import Testing

@Suite struct FieldFallbackTests {
  private func fields(_ spawned: FakeHost.Spawned) -> [String] {
    let text = spawned.commands.first?.arguments.first?.split(separator: "=").last ?? ""
    return text.split(separator: ",").map(String.init)
  }

  @Test(arguments: ["mig.mode.current", "power.draw", "driver_version"])
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

  @Test func eachOfSeveralUnknownFieldsIsLeftOut() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.unknownFields = ["mig.mode.current", "power.limit", "temperature.gpu"]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(node.spawned.last.map(fields) == GPUList.fields.filter { !node.unknownFields.contains($0) })
    #expect(run.file.problems("field_unsupported") == "3")
    #expect(run.file.rows("gpu_power_limit_watts") == [])
    #expect(run.file.rows("gpu_power_watts").count == 1)
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
