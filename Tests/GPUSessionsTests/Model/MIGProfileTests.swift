import GPUSessions
import Testing

/// The profile names in the sources of NVIDIA's mig-parted; the numerators are the `Ng` and the `Nc`.
@Suite struct MIGProfileTests {
  private func parse(_ name: String) -> MIGProfile? { MIGProfile(octets(name)[...]) }

  @Test(arguments: [
    1: "5gb 5gb+me 6gb 6gb+me 10gb 10gb+me 12gb 12gb+me 18gb 18gb+me 20gb 23gb 23gb+me 24gb 24gb+gfx 24gb+me"
      + " 24gb+me.all 24gb-me 34gb 34gb+me 35gb 35gb+me 36gb 45gb 47gb 67gb 70gb",
    2: "10gb 12gb 12gb+me 20gb 24gb 35gb 36gb 45gb 47gb 48gb 48gb+gfx 48gb+me.all 48gb-me 67gb 70gb",
    3: "20gb 40gb 47gb 48gb 71gb 72gb 90gb 93gb 95gb 135gb 139gb",
    4: "20gb 24gb 40gb 47gb 48gb 71gb 72gb 90gb 93gb 95gb 96gb 96gb+gfx 135gb 139gb",
    7: "40gb 80gb 94gb 96gb 141gb 144gb 180gb 186gb 189gb 269gb 278gb",
  ])
  func `GPU instance profiles have their slices`(_ slices: Int, _ memories: String) throws {
    for memory in memories.split(separator: " ") {
      let name = "\(slices)g.\(memory)"
      let profile = try #require(parse(name), "\(name)")
      #expect(profile.computeSlices == slices && profile.gpuInstanceSlices == slices, "\(name)")
      #expect(profile.name == name && profile.gpuInstanceName == name)
    }
  }

  @Test(arguments: [
    ("1c.1g.5gb", 1, 1), ("1c.1g.5gb+me", 1, 1), ("1c.2g.10gb", 1, 2), ("1c.2g.20gb", 1, 2),
    ("1c.3g.20gb", 1, 3),
    ("1c.4g.20gb", 1, 4), ("1c.7g.40gb", 1, 7), ("2c.2g.10gb", 2, 2), ("2c.3g.20gb", 2, 3),
    ("2c.4g.20gb", 2, 4),
    ("2c.7g.40gb", 2, 7), ("3c.3g.20gb", 3, 3), ("3c.7g.40gb", 3, 7), ("4c.4g.20gb", 4, 4),
    ("4c.7g.40gb", 4, 7),
    ("7c.7g.40gb", 7, 7),
  ])
  func `compute instance profiles have both`(_ name: String, _ compute: Int, _ gpu: Int) throws {
    let profile = try #require(parse(name))
    #expect(profile.computeSlices == compute && profile.gpuInstanceSlices == gpu)
    #expect(profile.gpuInstanceName == String(name.dropFirst(3)) && profile.name == name)
  }

  @Test(arguments: [
    "", ".", "g", "g.5gb", "0g.5gb", "9g.5gb", "1x.5gb", "1c", "1c.", "1c.5gb", "1c.1c.5gb", "3c.2g.10gb",
    "-1g.5gb",
    "1G.5GB", "MIG", "huge", "99999999999999999999g.5gb", "1 g.5gb", "N/A",
  ])
  func `names outside of the grammar are none`(_ name: String) {
    #expect(parse(name) == nil)
  }

  @Test func `eight slices are the most`() {
    #expect(parse("8g.80gb")?.computeSlices == 8 && parse("9g.90gb") == nil)
    #expect(parse("8c.8g.80gb")?.gpuInstanceSlices == 8 && parse("9c.8g.80gb") == nil)
  }
}

@Suite struct ComputeSlicesTests {
  /// NVIDIA's MIG user guide, "Supported GPUs" and "MIG device profiles"; names as nvidia-smi prints them.
  @Test(arguments: [
    ("NVIDIA A100-SXM4-40GB", 7), ("NVIDIA A100-SXM4-80GB", 7), ("NVIDIA A100 80GB PCIe", 7),
    ("A100-PCIE-40GB", 7),
    ("NVIDIA H100 80GB HBM3", 7), ("NVIDIA H100 PCIe", 7), ("NVIDIA H100 NVL", 7), ("NVIDIA H200", 7),
    ("NVIDIA H200 NVL", 7), ("NVIDIA GH200 480GB", 7), ("NVIDIA B200", 7), ("NVIDIA GB200", 7),
    ("NVIDIA B300", 7),
    ("NVIDIA GB300", 7), ("NVIDIA A30", 4), ("NVIDIA RTX PRO 6000 Blackwell Server Edition", 4),
    ("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", 4), ("NVIDIA RTX PRO 5000 Blackwell", 2),
  ])
  func `the products of the MIG guide`(_ name: String, _ slices: Int) {
    #expect(computeSlices(ofProduct: name) == slices)
  }

  @Test(arguments: [
    "", "NVIDIA L40S", "NVIDIA GeForce RTX 2080 SUPER", "NVIDIA RTX 6000 Ada Generation", "NVIDIA A3000",
    "NVIDIA A10",
    "NVIDIA GB10", "NVIDIA H100L-2-24C", "NVIDIA A1000", "NVIDIA PRO 6000 RTX", "RTX PRO",
    "Tesla V100-SXM2-16GB",
    "NVIDIA H900",
  ])
  func `other products have no known number`(_ name: String) {
    #expect(computeSlices(ofProduct: name) == nil)
  }
}
