import Testing

@testable import GPUSessions

/// Outputs of the drivers 450 to 590, as users have reported them.
@Suite struct InstanceListTests {
  private func list(_ lines: String...) -> InstanceList {
    InstanceList(octets(lines.map { $0 + "\n" }.joined()))
  }

  @Test func `driver 530, aligned to two blanks`() throws {
    let list = list(
      "GPU 0: NVIDIA A100 80GB PCIe (UUID: GPU-932bfb2c-849a-2a22-1e84-9eff6bc02b39)",
      "  MIG 3g.40gb     Device  0: (UUID: MIG-0929581a-2be6-5dec-bf34-0954c6c529a6)",
      "  MIG 3g.40gb     Device  1: (UUID: MIG-3adbed3a-d03d-549f-a016-ba1fd7359f23)")
    #expect(list.entries.allSatisfy { $0.gpuUUID == "GPU-932bfb2c-849a-2a22-1e84-9eff6bc02b39" })
    #expect(list.entries.map(\.deviceIndex) == [0, 1])
    #expect(
      list.entries.map(\.uuid) == [
        "MIG-0929581a-2be6-5dec-bf34-0954c6c529a6", "MIG-3adbed3a-d03d-549f-a016-ba1fd7359f23",
      ])
    #expect(list.entries.map { $0.profile?.gpuInstanceSlices } == [3, 3])
    #expect(list.entries.allSatisfy { $0.instance == nil })
  }

  @Test func `only some GPUs of a host are partitioned`() {
    let list = list(
      "GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-513536b6-7d19-9063-b049-1e69664bb298)",
      "  MIG 1g.20gb     Device  0: (UUID: MIG-ce861fb0-a248-58ce-a9a8-f9adbc22a66a)",
      "  MIG 1g.20gb     Device  1: (UUID: MIG-a45882f0-9215-5733-a0c1-49286ab31cb5)",
      "  MIG 1g.20gb     Device  2: (UUID: MIG-f00d722c-f4e1-52c9-aa31-750441ae1bfe)",
      "  MIG 1g.20gb     Device  3: (UUID: MIG-930574a9-d43a-5d2b-95da-3e68384c8d6b)",
      "GPU 1: NVIDIA A100-SXM4-80GB (UUID: GPU-d8594bd4-0fc3-8595-e355-7c98138f3b95)",
      "GPU 2: NVIDIA A100-SXM4-80GB (UUID: GPU-5e375e7e-b41f-155b-dcdc-534524c356fc)",
      "GPU 3: NVIDIA A100-SXM4-80GB (UUID: GPU-69ec2344-ebac-b028-f88f-452abb3d7f11)")
    #expect(list.entries.count == 4)
    #expect(
      list.entries(ofGPU: "GPU-513536b6-7d19-9063-b049-1e69664bb298").map(\.deviceIndex) == [0, 1, 2, 3])
    #expect(list.entries(ofGPU: "GPU-d8594bd4-0fc3-8595-e355-7c98138f3b95").isEmpty)
  }

  @Test func `seven instances in a container`() {
    let ids = [
      "feb88891-0321-5fef-9c87-d4af3b54259e", "a25704ba-3a06-5299-a795-fd7cf4d13973",
      "50f1c4c9-1508-5e8d-bb06-d08145b22e01", "36c795f2-5cf7-55d6-af30-e535e79b7bb6",
      "3f45d38c-8cee-503e-b806-a1f1bdceedeb", "96655de9-9525-58f9-a62b-0e4c1cc1c265",
      "1aae4990-b962-574e-8375-119d6d9b9687",
    ]
    let rows = ids.enumerated().map { "  MIG 1g.10gb     Device  \($0.offset): (UUID: MIG-\($0.element))\n" }
    let gpu = "GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-7fdaf0a5-179b-f636-d15d-daf243e3ff16)\n"
    let list = InstanceList(octets(gpu + rows.joined()))
    #expect(list.entries.map(\.uuid) == ids.map { "MIG-" + $0 })
    #expect(list.entries.map { $0.profile?.name } == Array(repeating: "1g.10gb", count: 7))
  }

  @Test func `before R470 the UUID names both instances`() throws {
    let list = list(
      "GPU 0: A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)",
      "  MIG 1g.5gb Device 0: (UUID: MIG-GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f/7/0)")
    let entry = try #require(list.entries.first)
    #expect(entry.uuid == "MIG-GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f/7/0")
    #expect(entry.instance == InstanceID(gpuInstance: 7, computeInstance: 0))
    #expect(entry.gpuUUID == "GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f" && entry.deviceIndex == 0)
  }

  @Test func `compute instances smaller than their GPU instance, in any order`() {
    let list = list(
      "GPU 0: NVIDIA H200 (UUID: GPU-1)", "  MIG 2c.3g.71gb  Device  1: (UUID: MIG-00000001)",
      "  MIG 1c.3g.40gb  Device  0: (UUID: MIG-5ff0d535-9a82-5af6-80df-768b9d3ac092)",
      "  MIG 1g.18gb     Device 10: (UUID: MIG-2)")
    #expect(list.entries(ofGPU: "GPU-1").map(\.deviceIndex) == [0, 1, 10])
    #expect(list.entries(ofGPU: "GPU-1").map { $0.profile?.computeSlices } == [1, 2, 1])
  }

  @Test(arguments: ["MIG-GPU-1/7", "MIG-GPU-1/7/0/0", "MIG-GPU-1/7/x", "MIG-GPU-1//0"])
  func `a UUID of another form names no instance IDs`(_ uuid: String) {
    let list = list("GPU 0: NVIDIA A100 (UUID: GPU-1)", "  MIG 1g.5gb Device 0: (UUID: \(uuid))")
    #expect(list.entries.map(\.uuid) == [uuid])
    #expect(list.entries.allSatisfy { $0.instance == nil })
  }

  @Test func `an odd profile keeps its UUID and is absent`() {
    let list = list("GPU 0: NVIDIA H900 (UUID: GPU-1)", "  MIG huge Device 0: (UUID: MIG-1)")
    #expect(list.entries.map(\.uuid) == ["MIG-1"])
    #expect(list.entries.first?.profile == nil)
  }

  @Test(arguments: [
    "  MIG 1g.5gb Device 0: (UUID: GPU-1)", "  MIG 1g.5gb Device 0: (UUID: MIG-1",
    "  MIG 1g.5gb Device x: (UUID: MIG-1)",
    "  MIG 1g.5gb Slot 0: (UUID: MIG-1)", "  MIG 1g.5gb Device 0 (UUID: MIG-1)", "  MIG (UUID: MIG-1)",
    "  FOO 1g.5gb Device 0: (UUID: MIG-1)",
    "Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error",
  ])
  func `lines of another form are passed over`(_ line: String) {
    let list = list("GPU 0: NVIDIA H100 (UUID: GPU-1)", line, "  MIG 1g.10gb Device 3: (UUID: MIG-3)\r")
    #expect(list.entries.map(\.deviceIndex) == [3])
    #expect(list.entries.map(\.gpuUUID) == ["GPU-1"])
  }

  @Test func `an instance without a GPU above it belongs to none`() {
    #expect(list("  MIG 1g.5gb Device 0: (UUID: MIG-GPU-5c89852c/7/0)").entries.isEmpty)
    #expect(InstanceList([]).entries.isEmpty)
  }
}
