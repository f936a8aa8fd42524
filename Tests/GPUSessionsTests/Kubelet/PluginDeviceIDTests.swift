import Testing

@testable import GPUSessions

@Suite struct PluginDeviceIDTests {
  @Test(arguments: [
    ("GPU-1", Self.uuid("GPU-1")), ("GPU-1::3", Self.uuid("GPU-1")), ("MIG-1", Self.uuid("MIG-1")),
    ("MIG-1::7", Self.uuid("MIG-1")), ("GPU-", Self.uuid("GPU-")), ("GPU-1::", Self.uuid("GPU-1")),
    ("MIG-GPU-1/2/0", .instance(gpuUUID: "GPU-1", InstanceID(gpuInstance: 2, computeInstance: 0))),
    ("MIG-GPU-1/2/0::4", .instance(gpuUUID: "GPU-1", InstanceID(gpuInstance: 2, computeInstance: 0))),
    ("MIG-GPU-1/2", Self.uuid("MIG-GPU-1/2")), ("MIG-GPU-1/2/x", Self.uuid("MIG-GPU-1/2/x")),
    ("nvidia0", .minor(0, gpuInstance: nil)), ("nvidia12/vgpu3", .minor(12, gpuInstance: nil)),
    ("nvidia0/gi1", .minor(0, gpuInstance: 1)), ("nvidia0/gi1/vgpu0", .minor(0, gpuInstance: 1)),
    ("nvidia0/", .unrecognized), ("nvidia0x", .unrecognized), ("nvidia0/vgpu0/gi1", .unrecognized),
    ("nvidia99999999999999999999", .unrecognized), ("nvidia0/gi", .unrecognized),
  ])
  func forms(id: String, expected: PluginDeviceID) {
    #expect(PluginDeviceID(id) == expected)
  }

  private static func uuid(_ text: String) -> PluginDeviceID { .uuid(octets(text)[...]) }

  @Test(arguments: ["", "tegra", "nvidia", "nvidia-caps", "0000:3b:00.0", "gpu-1", "::GPU-1", "card0-0", "\u{301}"])
  func devicesOfOtherPlugins(id: String) {
    #expect(PluginDeviceID(id) == nil)
  }

  @Test(arguments: [
    ("GPU-8b938a01-0274-c6b2-7d36-58bbf68415a9", true), ("GPU-8b938a01-0274-c6b2-7d36-58bbf68415a9::3", true),
    ("MIG-8b938a01-0274-c6b2-7d36-58bbf68415a9", true), ("nvidia0/gi1", true), ("MIG-GPU-1/2/0", true),
    ("GPU-8b938a01-0274-c6b2-7d36-58bbf68415a9-17", false), ("GPU-8b938a010274c6b27d3658bbf68415a9", false),
    ("GPU-", false), ("MIG-1g.5gb-3", false), ("nvidia0-1", false),
  ])
  func whichIDsAreOfAKnownForm(id: String, isKnown: Bool) {
    #expect(PluginDeviceID(id)?.hasKnownForm == isKnown)
  }

  @Test func driverInformation() {
    let text = "Model: \t\t L4\nGPU UUID: \t GPU-1\nBus Location: \t 0000:00:04.0\nDevice Minor: \t 2\n"
    #expect(DriverInformation(Array(text.utf8)).map { [$0.uuid, "\($0.minor)"] } == ["GPU-1", "2"])
    for text in ["", "GPU UUID: GPU-1\n", "Device Minor: 1\n", "GPU UUID: ?\nDevice Minor: 1", "Device Minor: -1"] {
      #expect(DriverInformation(Array(text.utf8)) == nil)
    }
  }
}
