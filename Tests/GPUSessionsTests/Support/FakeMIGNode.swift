import GPUSessions

extension FakeHost {
  static func migUUID(_ index: Int) -> String { "MIG-0000000\(index)-0000-0000-0000-000000000000" }

  /// GPU 0 with MIG instances `0_1_0` and `0_2_0` of profile `3g.40gb`, GPU 1 whole.
  static func migNode(_ processes: [FakeProcess]) -> FakeHost {
    let node = node(gpus: [.init(index: 0, mig: "Enabled"), .init(index: 1)], processes)
    node.setList(profiles: ["3g.40gb", "3g.40gb"])
    node.setTables(.mig(processes))
    return node
  }

  /// What nvidia-smi prints without arguments, one table a call.
  func setTables(_ tables: FakeTable...) { answers[.table] = tables.map { .text($0.text) } }

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
