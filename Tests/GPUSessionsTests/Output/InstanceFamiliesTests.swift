import Testing

@testable import GPUSessions

@Suite struct InstanceFamiliesTests {
  /// An H100 with 3g.40gb cut in two compute instances and a 1g.10gb.
  private func sketch() throws -> SketchedRun {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100 80GB HBM3", "Enabled"))
    run.instances = [
      instance(0, 2, 0, "1c.3g.40gb", total: 40448 << 20, used: 11078 << 20),
      instance(0, 2, 1, "2c.3g.40gb", index: 1, total: 40448 << 20, used: 11078 << 20),
      instance(0, 9, 0, "1g.10gb", index: 2, total: 9984 << 20, used: 9 << 20),
    ]
    return run
  }

  @Test func `each compute instance is described`() throws {
    let rest = [
      #"0_2_0",uuid="MIG-2-0",gpu_uuid="GPU-0",gpu_instance_id="2",compute_instance_id="0",profile="1c.3g.40gb"} 1"#,
      #"0_2_1",uuid="MIG-2-1",gpu_uuid="GPU-0",gpu_instance_id="2",compute_instance_id="1",profile="2c.3g.40gb"} 1"#,
      #"0_9_0",uuid="MIG-9-0",gpu_uuid="GPU-0",gpu_instance_id="9",compute_instance_id="0",profile="1g.10gb"} 1"#,
    ]
    #expect(samples("gpu_mig_info", try sketch()) == rest.map { #"gpu_mig_info{gpu=""# + $0 })
  }

  @Test func `utilization is written of each compute instance that has a figure`() throws {
    var run = try sketch()
    run.instances[1].utilization = InstanceUtilization(engine: 96, sm: 71)
    run.instances[2].utilization = InstanceUtilization(engine: 0, memoryBandwidth: 0)
    let (second, third) = (
      #"gpu="0_2_1",uuid="MIG-2-1",gpu_uuid="GPU-0",gpu_instance_id="2""#,
      #"gpu="0_9_0",uuid="MIG-9-0",gpu_uuid="GPU-0",gpu_instance_id="9""#
    )
    #expect(
      samples("gpu_mig_utilization", run)
        == ["gpu_mig_utilization{\(second)} 96", "gpu_mig_utilization{\(third)} 0"])
    #expect(samples("gpu_mig_sm_utilization", run) == ["gpu_mig_sm_utilization{\(second)} 71"])
    #expect(
      samples("gpu_mig_memory_bandwidth_utilization", run)
        == ["gpu_mig_memory_bandwidth_utilization{\(third)} 0"])
  }

  @Test func `memory is written once per GPU instance, with the GPU instance's profile`() throws {
    let run = try sketch()
    #expect(
      samples("gpu_mig_memory_total_bytes", run) == [
        #"gpu_mig_memory_total_bytes{gpu_uuid="GPU-0",gpu_instance_id="2",profile="3g.40gb"} 42412802048"#,
        #"gpu_mig_memory_total_bytes{gpu_uuid="GPU-0",gpu_instance_id="9",profile="1g.10gb"} 10468982784"#,
      ])
    #expect(
      samples("gpu_mig_memory_used_bytes", run) == [
        #"gpu_mig_memory_used_bytes{gpu_uuid="GPU-0",gpu_instance_id="2",profile="3g.40gb"} 11616124928"#,
        #"gpu_mig_memory_used_bytes{gpu_uuid="GPU-0",gpu_instance_id="9",profile="1g.10gb"} 9437184"#,
      ])
  }

  @Test func `a GPU instance has the fraction of its profile, however it is cut`() throws {
    #expect(
      samples("gpu_instance_compute_fraction", try sketch()) == [
        #"gpu_instance_compute_fraction{gpu_uuid="GPU-0",gpu_instance_id="2"} 0.42857142857142855"#,
        #"gpu_instance_compute_fraction{gpu_uuid="GPU-0",gpu_instance_id="9"} 0.14285714285714285"#,
      ])
  }

  @Test func `the same GPU instance ID on two GPUs is two instances`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((1, "NVIDIA A100-SXM4-80GB", "Enabled"), (2, "NVIDIA A100-SXM4-80GB", "Enabled"))
    run.instances = [instance(1, 3, 0, "3g.40gb", total: 1), instance(2, 3, 0, "3g.40gb", total: 2)]
    #expect(samples("gpu_mig_memory_total_bytes", run).map { $0.suffix(2) } == [" 1", " 2"])
    #expect(samples("gpu_instance_compute_fraction", run).count == 2)
  }

  @Test func `an instance without UUID and profile is listed with both empty`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Enabled"))
    run.instances = [instance(0, 2, 0, nil)]
    #expect(
      samples("gpu_mig_info", run) == [
        #"gpu_mig_info{gpu="0_2_0",uuid="",gpu_uuid="GPU-0",gpu_instance_id="2",compute_instance_id="0",profile=""} 1"#
      ])
    #expect(samples("gpu_mig_memory_total_bytes", run).isEmpty)
  }

  @Test func `MIG on and no instance made: no count, no idle row, no fraction`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Enabled"))
    for name in ["gpu_process_info", "gpu_session_count", "gpu_compute_fraction", "gpu_mig_info"] {
      #expect(samples(name, run).isEmpty, "\(name)")
    }
    #expect(samples("gpu_info", run).count == 1 && samples("gpu_device_readable", run).count == 1)
    #expect(samples("gpu_total_sessions", run) == ["gpu_total_sessions 0"])
  }
}
