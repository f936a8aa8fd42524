import GPUSessions
import Testing

/// What nvidia-smi is asked, when, and with which environment.
@Suite struct WavesTests {
  @Test func withoutMIGThereIsOneWave() {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [FakeProcess(pid: 100)])
    #expect(FakeRun(node).status == .success)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table]])
  }

  @Test func withMIGThereIsASecondWave() {
    let node = FakeHost.migNode([FakeProcess(pid: 100)])
    #expect(FakeRun(node).status == .success)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table], [.list]])
  }

  @Test func everyChildHasTheSameEnvironmentProgramAndDeadline() {
    let node = FakeHost.migNode([FakeProcess(pid: 100)])
    let begin = node.now
    node.spawnSpans = [5 * Nanoseconds.perSecond]
    _ = FakeRun(node)
    let commands = node.spawned.flatMap(\.commands)
    #expect(commands.count == 5)
    for command in commands {
      #expect(command.environment == ["LC_ALL": "C", "NVSMI_SHOW_ALL_DEVICES": "1"])
      #expect(command.executable == "/usr/bin/nvidia-smi")
      #expect(command.outputLimit > 0)
    }
    #expect(
      node.spawned.map(\.deadline) == [begin + 45 * Nanoseconds.perSecond, begin + 45 * Nanoseconds.perSecond])
  }

  @Test func theQueriesAreWhatTheDesignSays() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    _ = FakeRun(node)
    let arguments = node.spawned.first?.commands.map(\.arguments) ?? []
    #expect(arguments.count == 4 && arguments.contains([]))
    #expect(arguments.contains(["pmon", "-c", "1", "-s", "u"]))
    #expect(
      arguments.contains(["--query-compute-apps=gpu_uuid,pid,used_gpu_memory", "--format=csv"]))
  }

  @Test func gpusThatPmonLeftOutAreAskedForByIndex() {
    let node = FakeHost.node(
      gpus: (0..<4).map { FakeGPU(index: $0) },
      [FakeProcess(gpu: 0, pid: 100), FakeProcess(gpu: 2, pid: 102), FakeProcess(gpu: 3, pid: 103)])
    node.answers[.pmon] = [.text(FakeProcess.pmon([FakeProcess(gpu: 0, pid: 100)], idle: [1]))]
    node.answers[.pmonByIndex] = [
      .text(FakeProcess.pmon([FakeProcess(gpu: 2, pid: 102), FakeProcess(gpu: 3, pid: 103)]))
    ]
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table], [.pmonByIndex]])
    #expect(node.spawned.last?.commands[0].arguments == ["pmon", "-c", "1", "-s", "u", "-i", "2,3"])
    #expect(run.file.problems("pmon_gpu_missing") == "2")
    #expect(run.file.rows("gpu_process_utilization").count == 3)
    #expect(run.file.stage("utilization") == "1")
    #expect(run.status == .success)
  }

  @Test func theTableFailsAlone() {
    for outcome in [
      ChildOutcome.text("Unknown Error\n", exit: 255), .init(end: .deadline), .init(end: .outputLimit),
    ] {
      let node = FakeHost.node([FakeProcess(pid: 100)])
      node.addProcess(100, comm: "python3")
      node.answers[.table] = [outcome]
      let run = FakeRun(node)
      #expect(run.status == .success && run.file.success == "1")
      #expect(run.file.problems("process_table_unreadable") == "1")
      #expect(
        run.file.rows("gpu_process_info") == [FakeHost.named(gpu: "0", pid: 100, uuid: FakeGPU(index: 0).uuid)])
      #expect(run.file.rows("gpu_memory_unattributed_bytes") == [])
    }
  }

  @Test func utilizationFailsAlone() {
    for outcome in [ChildOutcome.text("Not supported on the device(s)\n", exit: 3), .init(end: .deadline)] {
      let node = FakeHost.node([FakeProcess(pid: 100)])
      node.answers[.pmon] = [outcome]
      let run = FakeRun(node)
      #expect(run.status == .success)
      #expect(run.file.success == "1")
      #expect(run.file.stage("utilization") == "0")
      #expect(run.file.rows("gpu_process_utilization") == [])
      #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1")
    }
  }

  @Test func aLostGPUCostsItselfOnly() {
    let node = FakeHost.node(
      gpus: [.init(index: 0)], [FakeProcess(pid: 100), FakeProcess(gpu: 1, pid: 101)])
    node.answers[.gpus] = [
      .text(
        FakeGPU.table([.init(index: 0)])
          + "Unable to determine the device handle for GPU1: 0000:01:00.0: Unknown Error\n", exit: 15)
    ]
    node.answers[.pmon] = [.text(FakeProcess.pmon([FakeProcess(pid: 100)]))]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(run.file.success == "0")
    #expect(run.file.problems("device_unreadable") == "1")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0\"} 1"])
    #expect(run.file.rows("gpu_process_info").count == 1)
    #expect(run.file.rows("gpu_device_readable").count == 2)
    #expect(run.file.rows("gpu_device_readable").last?.hasSuffix(" 0") == true)
  }

  @Test func aGPUWhoseProcessesAreKeptFromUsHasNoRow() {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [FakeProcess(pid: 100)])
    node.answers[.apps] = [
      .text(
        FakeProcess.table([FakeProcess(pid: 100)]) + FakeGPU(index: 1).uuid
          + ", [Insufficient Permissions], [Insufficient Permissions]\n")
    ]
    let run = FakeRun(node)
    #expect(run.status == .success)
    #expect(run.file.success == "0")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0\"} 1"])
    #expect(!run.file.rows("gpu_process_info").contains { $0.contains("gpu=\"1\"") })
    #expect(run.file.problems("device_unreadable") == "1")
  }

  @Test func aLostGPUWithARowStaysLostAndIsNotAskedForAgain() {
    let gpus = [FakeGPU(index: 0), FakeGPU(index: 1)]
    let node = FakeHost.node(gpus: gpus, [FakeProcess(pid: 100)])
    let complaint = "Unable to determine the device handle for GPU1: 0000:01:00.0: Unknown Error\n"
    node.answers[.gpus] = [.text(FakeGPU.table(gpus) + complaint, exit: 15)]
    node.answers[.pmon] = [.text(FakeProcess.pmon([FakeProcess(pid: 100)]))]
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table]])
    #expect(run.file.problems("pmon_gpu_missing") == "0" && run.file.problems("device_unreadable") == "1")
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0\"} 1"])
  }
}
