import Testing

@testable import GPUSessions

@Suite struct ProcessFamiliesTests {
  /// GPU 0 is used by two, GPU 1 by the MPS daemon alone, GPU 2 by nobody.
  private func sketch() throws -> SketchedRun {
    var run = SketchedRun()
    run.gpus = try gpus(
      (0, "NVIDIA H100", "Disabled"), (1, "NVIDIA H100", "Disabled"), (2, "NVIDIA H100", "Disabled"))
    let trained = Session(
      device: Device(gpu: 0), deviceUUID: "GPU-0", pid: 4559, command: "python", type: "C", status: .active,
      memoryBytes: 4618 << 20, deviceMemoryBytes: 18472 << 20,
      utilization: ProcessUtilization(sm: 97, memoryBandwidth: 0, encoder: 3.5), startTimeSeconds: 1_784_019_644.5,
      owner: Owner(
        pod: "train-0", namespace: "ml", container: "main", podUID: PodUID("7922aa99-d4aa-4885-a953-82976860b23a")))
    run.sessions = [
      trained, session(Device(gpu: 0), 5000, "a \"b\""),
      session(Device(gpu: 1), 200, "nvidia-cuda-mps-server", status: .mpsServer, memory: 52 << 20),
    ]
    return run
  }

  private static let idle =
    #"pid="",command="",pod="",namespace="",container="",status="idle",gpu_memory="0MiB""#

  @Test func `sessions, the MPS server beside an idle row, and an idle row`() throws {
    #expect(
      samples("gpu_process_info", try sketch())
        == [
          #"{gpu="0",pid="4559",command="python",pod="train-0",namespace="ml",container="main",status="active","#
            + #"gpu_memory="4618MiB",uuid="GPU-0",type="C",pod_uid="7922aa99-d4aa-4885-a953-82976860b23a"} 1"#,
          #"{gpu="0",pid="5000",command="a \"b\"",pod="",namespace="",container="",status="active",gpu_memory=""} 1"#,
          #"{gpu="1",pid="200",command="nvidia-cuda-mps-server",pod="",namespace="",container="","#
            + #"status="mps_server",gpu_memory="52MiB"} 1"#,
          #"{gpu="1",\#(Self.idle),uuid="GPU-1"} 1"#, #"{gpu="2",\#(Self.idle),uuid="GPU-2"} 1"#,
        ].map { "gpu_process_info" + $0 })
  }

  @Test func `the MPS server counts as no session and 0 is written`() throws {
    let run = try sketch()
    #expect(
      samples("gpu_session_count", run) == [
        #"gpu_session_count{gpu="0"} 2"#, #"gpu_session_count{gpu="1"} 0"#, #"gpu_session_count{gpu="2"} 0"#,
      ])
    #expect(samples("gpu_total_sessions", run) == ["gpu_total_sessions 2"])
  }

  @Test func `figures are written where they are known, 0 included`() throws {
    let run = try sketch()
    let identity = #"{gpu="0",pid="4559",command="python",pod="train-0",namespace="ml",container="main"} "#
    #expect(samples("gpu_process_utilization", run) == ["gpu_process_utilization\(identity)97"])
    #expect(
      samples("gpu_process_memory_bandwidth_utilization", run)
        == ["gpu_process_memory_bandwidth_utilization\(identity)0"])
    #expect(
      samples("gpu_process_encoder_utilization", run) == [
        "gpu_process_encoder_utilization\(identity)3.5"
      ])
    #expect(samples("gpu_process_decoder_utilization", run).isEmpty)
    #expect(
      samples("gpu_process_start_time_seconds", run) == [
        "gpu_process_start_time_seconds\(identity)1784019644.5"
      ])
    #expect(
      samples("gpu_process_memory_utilization", run) == ["gpu_process_memory_utilization\(identity)25"])
    #expect(
      samples("gpu_process_memory_bytes", run).first == "gpu_process_memory_bytes\(identity)4842323968")
    #expect(samples("gpu_process_memory_bytes", run).count == 2)
  }

  @Test(arguments: [(nil, 8), (8, nil), (8, 0), (nil, nil)] as [(UInt64?, UInt64?)])
  func `a share of unknown or no memory is absent`(_ memory: UInt64?, _ total: UInt64?) throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
    run.sessions = [session(Device(gpu: 0), 7, "a", memory: memory, total: total)]
    #expect(samples("gpu_process_info", run).count == 1)
    #expect(samples("gpu_process_memory_utilization", run).isEmpty)
  }

  @Test func `a share of memory is at most 100 percent`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
    run.sessions = [session(Device(gpu: 0), 7, "a", memory: 9, total: 8)]
    #expect(samples("gpu_process_memory_utilization", run).first?.hasSuffix("} 100") == true)
  }

  @Test func `the memory label can be left off, from idle rows too`() throws {
    var options = Options()
    options.hasMemoryLabel = false
    let rows = samples("gpu_process_info", try sketch(), options)
    #expect(rows.count == 5)
    #expect(rows.allSatisfy { !$0.contains("gpu_memory") })
  }

  @Test func `instances have rows of their own, by number`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Enabled"))
    run.instances = [instance(0, 2, 0, "1g.10gb"), instance(0, 10, 0, nil)]
    run.sessions = [session(run.instances[0].device, 7, "python")]
    let rows = samples("gpu_process_info", run)
    #expect(
      rows.map { $0.prefix(30) } == [#"gpu_process_info{gpu="0_2_0",p"#, #"gpu_process_info{gpu="0_10_0","#])
    #expect(rows.last == #"gpu_process_info{gpu="0_10_0",\#(Self.idle)} 1"#)
    #expect(
      samples("gpu_session_count", run) == [
        #"gpu_session_count{gpu="0_2_0"} 1"#, #"gpu_session_count{gpu="0_10_0"} 0"#,
      ])
  }

  @Test func `a GPU that could not be read has neither count nor idle row`() throws {
    var run = try sketch()
    run.gpus[2].unreadableReason = .unknown
    #expect(samples("gpu_session_count", run).count == 2)
    #expect(samples("gpu_process_info", run).count == 4)
  }

  @Test func `an MPS server is no session, alive or not`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
    for defunct in [nil, Session.Defunct.zombie, .gone] {
      run.sessions = [
        session(Device(gpu: 0), 7, "nvidia-cuda-mps-server", status: .mpsServer, defunct: defunct)
      ]
      #expect(samples("gpu_session_count", run) == ["gpu_session_count{gpu=\"0\"} 0"])
      #expect(samples("gpu_total_sessions", run) == ["gpu_total_sessions 0"])
    }
  }
}
