import Testing

@testable import GPUSessions

/// Inputs that were once read wrong: each test is a fixed bug.
@Suite struct MendedInputsTests {
  @Test func `the older spelling with a small gpu is a lost GPU too`() {
    let line =
      "Unable to determine the device handle for gpu 0000:08:00.0: GPU is lost.  Reboot the system to recover this GPU"
    let lost = LostGPU(index: nil, busID: "00000000:08:00.0", complaint: line)
    #expect(SMIDiagnostic(octets(line)[...]) == .lostGPU(lost))
  }

  @Test func `a GPU with a row and without a bus ID is known by its index`() throws {
    let complaint = SMIDiagnostic.lostGPU(LostGPU(index: 1, busID: "00000000:34:00.0"))
    let query = try #require(GPUList(answer("index, uuid", "0, GPU-0", "1, GPU-1"), complaints: [complaint]))
    #expect(query.lostGPUs.isEmpty)
    #expect(query.gpus.map(\.isReadable) == [true, false])
  }

  @Test func `an instance below a GPU without a readable UUID is not the GPU's before it`() {
    let list = InstanceList(
      answer(
        "GPU 0: NVIDIA H100 (UUID: GPU-0)", "GPU 1: NVIDIA H100 (UUID: Unknown Error)",
        "  MIG 1g.10gb     Device  0: (UUID: MIG-1)"))
    #expect(list.entries(ofGPU: "GPU-0").isEmpty)
  }

  @Test(arguments: ["1g", "1c.1g", "1g.", "1g.xyz", "1g.5mb"])
  func `a profile without its gigabytes is outside of the grammar`(_ name: String) {
    #expect(MIGProfile(octets(name)[...]) == nil)
  }
}
