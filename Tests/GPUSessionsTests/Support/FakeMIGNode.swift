import GPUSessions

/// What `-q -x` says of one MIG GPU.
struct FakeDocument {
  var gpu = 0
  /// GPU instance and compute instance of each device, by its index.
  var instances = [(1, 0), (2, 0)]
  var processes: [FakeProcess] = []

  var text: String {
    """
    <?xml version="1.0" ?>
    <nvidia_smi_log>
    <gpu id="00000000:01:00.0">
    <mig_mode><current_mig>Enabled</current_mig></mig_mode>
    <mig_devices>\(instances.enumerated().map(device).joined())</mig_devices>
    <uuid>\(FakeGPU(index: gpu).uuid)</uuid>
    <processes>\(processes.map(row).joined())</processes>
    </gpu>
    </nvidia_smi_log>

    """
  }

  private func device(_ index: Int, _ instance: (Int, Int)) -> String {
    "<mig_device><index>\(index)</index><gpu_instance_id>\(instance.0)</gpu_instance_id>"
      + "<compute_instance_id>\(instance.1)</compute_instance_id><fb_memory_usage><total>4096 MiB</total>"
      + "<used>1024 MiB</used></fb_memory_usage></mig_device>"
  }

  private func row(_ process: FakeProcess) -> String {
    "<process_info><gpu_instance_id>\(process.instance.0)</gpu_instance_id><compute_instance_id>"
      + "\(process.instance.1)</compute_instance_id><pid>\(process.pid)</pid><type>C</type>"
      + "<process_name>\(process.name)</process_name><used_memory>\(process.memory)</used_memory></process_info>"
  }
}

extension FakeHost {
  static func migUUID(_ index: Int) -> String { "MIG-0000000\(index)-0000-0000-0000-000000000000" }

  /// GPU 0 with MIG instances `0_1_0` and `0_2_0` of profile `3g.40gb`, GPU 1 whole.
  static func migNode(_ processes: [FakeProcess]) -> FakeHost {
    let node = node(gpus: [.init(index: 0, mig: "Enabled"), .init(index: 1)], processes)
    node.setList(profiles: ["3g.40gb", "3g.40gb"])
    node.answers[.document] = [.text(FakeDocument(processes: processes.filter { $0.gpu == 0 }).text)]
    return node
  }

  /// What `-L` says, one MIG device per profile.
  func setList(profiles: [String]) {
    answers[.list] = [
      .text(
        "GPU 0: NVIDIA H100 80GB HBM3 (UUID: \(FakeGPU(index: 0).uuid))\n"
          + profiles.enumerated().map {
            "  MIG \($1)     Device  \($0): (UUID: \(FakeHost.migUUID($0)))\n"
          }.joined()
          + "GPU 1: NVIDIA H100 80GB HBM3 (UUID: \(FakeGPU(index: 1).uuid))\n")
    ]
  }
}
