import Testing

@testable import GPUSessions

@Suite struct LostGPUTests {
  private static let beginning = "Unable to determine the device handle for "

  @Test(
    arguments: [
      ("GPU1: 0000:34:00.0: Unknown Error", 1, "00000000:34:00.0"),
      ("GPU12: 0000:34:00.0: Not Found", 12, "00000000:34:00.0"),
      ("GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU", nil, "00000000:02:00.0"),
      ("GPU 0000:09:00.0: Unknown Error", nil, "00000000:09:00.0"),
      ("GPU0000:20:00.0: Unknown Error", nil, "00000000:20:00.0"),
      ("GPU3: 00000008:06:00.0: Unknown Error", 3, "00000008:06:00.0"),
      ("GPU0: 000f:01:00.0: GPU is lost", 0, "0000000F:01:00.0"),
      ("GPU5: Unknown Error", 5, ""),
      ("gpu 0000:08:00.0: GPU is lost.  Reboot the system to recover this GPU", nil, "00000000:08:00.0"),
    ] as [(String, Int?, String)])
  func `a lost GPU is named by index and bus ID, as far as printed`(
    _ rest: String, _ index: Int?, _ busID: String
  ) {
    let line = Self.beginning + rest
    #expect(LostGPU(diagnostic: octets(line)[...]) == LostGPU(index: index, busID: busID))
    let lost = LostGPU(index: index, busID: busID, complaint: line)
    #expect(SMIDiagnostic(octets(line)[...]) == .lostGPU(lost))
  }

  @Test func `a complaint that names no GPU is only a remark`() {
    for rest in [
      "GPU", "GPU: Unknown Error", "GPU99999999999999999999: x", "the GPU", "GPU dead.beef: x", "GPU a:b: x",
    ] {
      let line = octets(Self.beginning + rest)[...]
      #expect(LostGPU(diagnostic: line) == nil && SMIDiagnostic(line) == .remark, "\(rest)")
    }
  }

  @Test func `other lines name no lost GPU`() {
    for line in ["", "GPU1: 0000:34:00.0: Unknown Error", "Unable to determine the number of GPUs"] {
      #expect(LostGPU(diagnostic: octets(line)[...]) == nil, "\(line)")
    }
  }

  @Test func `a bus ID is brought into the form of the GPU list`() {
    #expect(LostGPU.longBusID("0000:3b:00.0") == "00000000:3B:00.0")
    #expect(LostGPU.longBusID("0000000F:01:00.0") == "0000000F:01:00.0")
    #expect(LostGPU.longBusID("") == "00000000")
  }

  @Test func `lost GPUs are compared by bus ID, else by index`() {
    let known = LostGPU(index: 1, busID: "00000000:34:00.0")
    #expect(known.isSame(as: LostGPU(index: nil, busID: "00000000:34:00.0")))
    #expect(!known.isSame(as: LostGPU(index: 1, busID: "00000000:35:00.0")))
    #expect(known.isSame(as: LostGPU(index: 1, busID: "")))
    #expect(!known.isSame(as: LostGPU(index: 2, busID: "")))
  }
}
