import GPUSessions
import Testing

@Suite struct MIGStageFailureTests {
  private static let whole = FakeDocument(processes: [FakeProcess(pid: 100, instance: (1, 0))]).text

  private static let failures: [ChildOutcome] = [
    .text(String(whole.prefix(whole.utf8.count / 2))),
    .text(whole.replacing("</gpu>", with: "").replacing("</nvidia_smi_log>", with: "")),
    .text(""),
    .text("Unable to determine the device handle for GPU0: 0000:00:00.0: Unknown Error\n", exit: 15),
    .text(whole.replacing("Enabled", with: "Disabled")),
    .text(whole.replacing("GPU-0", with: "GPU-9")),
    ChildOutcome(end: .deadline, standardOutput: Array(whole.utf8)),
    ChildOutcome(end: .abandoned),
    ChildOutcome(end: .signaled(11), standardOutput: Array(whole.utf8)),
    ChildOutcome(end: .outputLimit),
    ChildOutcome(end: .notStarted(11)),
  ]

  @Test(arguments: failures)
  func withoutADocumentMIGGPUsAreUnreadableAndOthersStay(outcome: ChildOutcome) {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0)), FakeProcess(gpu: 1, pid: 101)])
    node.answers[.document] = [outcome]
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

  @Test func withOnlyMIGGPUsTheRunFails() {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0))])
    node.answers[.gpus] = [.text(FakeGPU.table([.init(index: 0, mig: "Enabled")]))]
    node.answers[.document] = [.text("")]
    let run = FakeRun(node)
    #expect(run.status == .failure)
    #expect(run.file.isOnlyAboutCollector)
  }

  @Test func aMissingListCostsUUIDsOnly() {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0))])
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
    node.answers[.document] = [.text(FakeDocument(instances: []).text)]
    let run = FakeRun(node)
    #expect(run.status == .success && run.file.success == "1")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"1\"} 0"])
    #expect(run.file.rows("gpu_process_info").count == 1)
    #expect(run.file.rows("gpu_info").count == 2)
    #expect(run.file.rows("gpu_memory_used_bytes").count == 2)
  }

  @Test func aDocumentCutInAnotherGPUStillServesTheFirst() {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0))])
    node.answers[.document]?[0].standardOutput.removeLast("</nvidia_smi_log>\n".utf8.count)
    node.answers[.document]?[0].standardOutput += Array("<gpu id=\"1\"><uuid>GPU-1".utf8)
    let run = FakeRun(node)
    #expect(run.file.success == "1")
    #expect(run.file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1")
  }
}
