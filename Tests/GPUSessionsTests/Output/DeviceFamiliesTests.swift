import Testing

@testable import GPUSessions

@Suite struct DeviceFamiliesTests {
  @Test func `a GPU is described and its readings are as reported`() throws {
    var run = SketchedRun()
    let query = GPUList(
      answer(
        "index, uuid, pci.bus_id, name, driver_version, mig.mode.current, utilization.gpu, memory.total, memory.used,"
          + " temperature.gpu, power.draw, power.limit, compute_mode, gpu_recovery_action, clocks_event_reasons.gpu_idle",
        "0, GPU-0, 00000000:00:09.0, NVIDIA H100 80GB HBM3, 590.48.01, Enabled, [N/A], 81559 MiB, 11125 MiB, 53, 433.78 W,"
          + " 700.00 W, Default, Drain and Reset, Active"), complaints: [])
    run.gpus = try #require(query).gpus
    #expect(
      samples("gpu_info", run) == [
        #"gpu_info{gpu="0",uuid="GPU-0",name="NVIDIA H100 80GB HBM3",pci_bus_id="00000000:00:09.0","#
          + #"driver_version="590.48.01",mig_mode="Enabled",compute_mode="Default"} 1"#
      ])
    let labels = #"{gpu="0",uuid="GPU-0"} "#
    #expect(samples("gpu_utilization", run).isEmpty)
    #expect(samples("gpu_memory_total_bytes", run) == ["gpu_memory_total_bytes\(labels)85520809984"])
    #expect(samples("gpu_memory_used_bytes", run) == ["gpu_memory_used_bytes\(labels)11665408000"])
    #expect(samples("gpu_temperature_celsius", run) == ["gpu_temperature_celsius\(labels)53"])
    #expect(samples("gpu_power_watts", run) == ["gpu_power_watts\(labels)433.78"])
    #expect(samples("gpu_power_limit_watts", run) == ["gpu_power_limit_watts\(labels)700"])
    #expect(samples("gpu_clocks_idle", run) == ["gpu_clocks_idle\(labels)1"])
    #expect(
      samples("gpu_recovery_action", run) == [
        #"gpu_recovery_action{gpu="0",uuid="GPU-0",action="Drain and Reset"} 1"#
      ])
  }

  @Test func `what is not reported has no sample at all`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA GB10", "[N/A]"))
    for name in [
      "gpu_clocks_idle", "gpu_recovery_action", "gpu_utilization", "gpu_memory_total_bytes",
      "gpu_memory_used_bytes", "gpu_power_watts",
    ] {
      #expect(!exposition(run.outcome, Options()).contains(name), "\(name)")
    }
    #expect(samples("gpu_info", run).first?.contains(#"mig_mode="""#) == true)
  }

  @Test func `every physical GPU is readable or not, a lost one too`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"), (2, "NVIDIA H100", "Disabled"))
    run.gpus[1].unreadableReason = .unknown
    run.lostGPUs = [
      LostGPU(index: nil, busID: "00000000:35:00.0"), LostGPU(index: 1, busID: "00000000:34:00.0"),
    ]
    #expect(
      samples("gpu_device_readable", run) == [
        #"gpu_device_readable{gpu="0",uuid="GPU-0",pci_bus_id="00000000:00:00.0"} 1"#,
        #"gpu_device_readable{gpu="1",uuid="",pci_bus_id="00000000:34:00.0"} 0"#,
        #"gpu_device_readable{gpu="2",uuid="GPU-2",pci_bus_id="00000000:02:00.0"} 0"#,
        #"gpu_device_readable{gpu="",uuid="",pci_bus_id="00000000:35:00.0"} 0"#,
      ])
  }

  @Test func `compute fractions are slices of the whole product`() throws {
    var run = SketchedRun()
    run.gpus = try gpus(
      (0, "NVIDIA H100 80GB HBM3", "Enabled"), (1, "NVIDIA L40S", "[N/A]"), (2, "NVIDIA A30", "Enabled"))
    run.instances = [
      instance(0, 2, 0, "1c.3g.40gb"), instance(0, 2, 1, "2c.3g.40gb"), instance(0, 3, 0, "2g.20gb"),
      instance(0, 5, 0, "3g.40gb"), instance(0, 9, 0, "1g.10gb+me"), instance(2, 3, 0, "1g.6gb"),
      instance(2, 1, 0, "2g.12gb"),
    ]
    let fractions = [
      ("0_2_0", 0, "2", "0.14285714285714285"), ("0_2_1", 0, "2", "0.2857142857142857"),
      ("0_3_0", 0, "3", "0.2857142857142857"), ("0_5_0", 0, "5", "0.42857142857142855"),
      ("0_9_0", 0, "9", "0.14285714285714285"), ("2_1_0", 2, "1", "0.5"), ("2_3_0", 2, "3", "0.25"),
    ].map {
      #"gpu_compute_fraction{gpu="\#($0.0)",gpu_uuid="GPU-\#($0.1)",gpu_instance_id="\#($0.2)"} \#($0.3)"#
    }
    let whole = #"gpu_compute_fraction{gpu="1",gpu_uuid="GPU-1"} 1"#
    #expect(samples("gpu_compute_fraction", run) == fractions[..<5] + [whole] + fractions[5...])
  }

  @Test func `a fraction is absent where the product, the profile or the sum is unknown`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H900", "Enabled"), (1, "NVIDIA A30", "Enabled"))
    run.instances = [instance(0, 1, 0, "1g.10gb"), instance(1, 1, 0, nil), instance(1, 2, 0, "7g.80gb")]
    #expect(samples("gpu_compute_fraction", run).isEmpty)
    #expect(samples("gpu_instance_compute_fraction", run).isEmpty)
  }

  @Test func `a whole GPU that could not be read has no fraction`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
    run.gpus[0].unreadableReason = .unknown
    #expect(samples("gpu_compute_fraction", run).isEmpty)
  }

  @Test func `an instance of all slices has the whole GPU, and one of more has no fraction`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100 80GB HBM3", "Enabled"), (1, "NVIDIA A30", "Enabled"))
    run.instances = [instance(0, 0, 0, "7g.80gb"), instance(1, 0, 0, "4g.24gb"), instance(1, 1, 0, "5g.24gb")]
    for name in ["gpu_compute_fraction", "gpu_instance_compute_fraction"] {
      #expect(samples(name, run).count == 2 && samples(name, run).allSatisfy { $0.hasSuffix("} 1") })
    }
  }
}
