import Testing

@testable import GPUSessions

@Suite struct GPUListTests {
  private static let header =
    "index, uuid, pci.bus_id, name, driver_version, mig.mode.current, utilization.gpu [%], memory.total [MiB],"
    + " memory.used [MiB], temperature.gpu, power.draw [W], power.limit [W]"

  private func query(_ rows: String..., complaints: [SMIDiagnostic] = []) throws -> GPUList {
    try #require(GPUList(octets(([Self.header] + rows).map { $0 + "\n" }.joined()), complaints: complaints))
  }

  private func row(_ index: Int, bus: String = "3B", uuid: String? = nil) -> String {
    "\(index), \(uuid ?? "GPU-\(index)"), 00000000:\(bus):00.0, NVIDIA H100, 590.48.01, Disabled, 1 %, 8 MiB, 1 MiB,"
      + " 40, 70.00 W, 700.00 W"
  }

  @Test func `a row is read column by column`() throws {
    let gpu = try #require(
      query(
        "0, GPU-2af1c335, 00000000:00:09.0, NVIDIA H100 80GB HBM3, 590.48.01, Enabled, [N/A], 81559 MiB, 11125 MiB,"
          + " 53, 433.78 W, 700.00 W"
      ).gpus.first)
    #expect(gpu.index == 0 && gpu.uuid == "GPU-2af1c335" && gpu.busID == "00000000:00:09.0")
    #expect(
      gpu.name == "NVIDIA H100 80GB HBM3" && gpu.driverVersion == "590.48.01" && gpu.migMode == .enabled)
    #expect(gpu.utilization == nil && gpu.memoryTotalBytes == 85_520_809_984)
    #expect(gpu.memoryUsedBytes == 11_665_408_000 && gpu.temperatureCelsius == 53)
    #expect(gpu.powerWatts == 433.78 && gpu.powerLimitWatts == 700 && gpu.isReadable)
  }

  @Test func newerFieldsAreReadWhereTheyAre() throws {
    func gpu(_ mode: String, _ pending: String, _ reason: String, _ action: String) throws -> GPU {
      let head = "index, uuid, compute_mode, mig.mode.current, mig.mode.pending, clocks_event_reasons.gpu_idle,"
      let row = "0, GPU-1, \(mode), Disabled, \(pending), \(reason), \(action)"
      return try #require(GPUList(answer(head + " gpu_recovery_action", row), complaints: [])?.gpus.first)
    }
    let known = try gpu("Exclusive_Process", "Enabled", "Active", "Drain and Reset")
    #expect(known.computeMode == "Exclusive_Process" && known.isMIGModePending)
    #expect(known.areClocksIdle == true && known.neededRecovery == "Drain and Reset")
    let calm = try gpu("Default", "Disabled", "Not Active", "None")
    #expect(calm.computeMode == "Default" && !calm.isMIGModePending)
    #expect(calm.areClocksIdle == false && calm.recoveryAction == "None" && calm.neededRecovery == nil)
    for absent in ["[N/A]", "[Unknown Error]", "", "[Not Supported]"] {
      let gpu = try gpu(absent, absent, absent, absent)
      #expect(gpu.computeMode == nil && gpu.recoveryAction == nil && gpu.areClocksIdle == nil)
      #expect(!gpu.isMIGModePending && gpu.neededRecovery == nil)
    }
  }

  @Test(
    arguments: [
      ("Enabled", .enabled), ("Disabled", .disabled), ("[N/A]", .unsupported), ("N/A", .unsupported),
      ("", .unsupported), ("[Not Supported]", .unsupported), ("[Unknown Error]", .unknown), ("Enabled*", .unknown),
    ] as [(String, GPU.MIGMode)])
  func `MIG mode is what the field says`(_ text: String, _ mode: GPU.MIGMode) throws {
    let query = try #require(
      GPUList(answer("index, uuid, mig.mode.current", "0, GPU-1, \(text)"), complaints: []))
    #expect(query.gpus.first?.migMode == mode)
  }

  @Test func `a product with MIG whose mode is not available does not say that it is off`() throws {
    let query = try #require(
      GPUList(answer("index, uuid, name, mig.mode.current", "0, GPU-1, NVIDIA A30, [N/A]"), complaints: []))
    #expect(query.gpus.first?.migMode == .notReported)
  }

  @Test(arguments: [
    ("ddae9891-aaa8-5edd-bbf3-3a33c5adc75f", true), ("ddae9891-aaa8-5edd-bbf3-3a33c5adc75", false),
    ("ddae9891-aaa8-5edd-bbf33a33c5adc75f", false), ("gdae9891-aaa8-5edd-bbf3-3a33c5adc75f", false),
  ])
  func `an integrated GPU has a UUID without a prefix`(_ uuid: String, _ isOne: Bool) throws {
    let query = try #require(GPUList(answer("index, uuid", "0, \(uuid)"), complaints: []))
    #expect(query.gpus.map(\.isIntegrated) == (isOne ? [true] : []) && query.malformedRows == (isOne ? 0 : 1))
  }

  @Test func `a note behind the driver version is cut off`() throws {
    let note = "610.57.04 [Deprecated; will be removed in CUDA 14.0. Use KMD Version instead]"
    let query = try #require(
      GPUList(answer("index, uuid, driver_version", "0, GPU-1, \(note)"), complaints: []))
    #expect(query.gpus.first?.driverVersion == "610.57.04")
  }

  @Test func `units may be left out`() throws {
    let output = answer(
      "index, uuid, name, utilization.gpu, memory.used, memory.total, temperature.gpu, power.draw",
      "0, GPU-2af1c335-11fb-c9d3-4de3-27a25697fc35, NVIDIA H200, [N/A], 639, 143771, 38, 123.31")
    let gpu = try #require(GPUList(output, complaints: [])?.gpus.first)
    #expect(gpu.memoryUsedBytes == 670_040_064 && gpu.memoryTotalBytes == 150_754_820_096)
    #expect(gpu.temperatureCelsius == 38 && gpu.powerWatts == 123.31 && gpu.powerLimitWatts == nil)
    #expect(gpu.isReadable)
  }

  @Test(
    arguments: [
      ("[Insufficient Permissions], [Insufficient Permissions]", .forbidden),
      ("8 MiB, [Insufficient Permissions]", .forbidden),
      ("[Unknown Error], [Insufficient Permissions]", .forbidden),
      ("[Unknown Error], 1 MiB", .unknown), ("8 MiB, [Unknown Error]", .unknown),
      ("[GPU is lost], [GPU is lost]", .lost), ("[GPU requires reset], 0 MiB", .lost),
      ("[GPU is inaccessible], [Insufficient Permissions]", .lost),
    ] as [(String, GPU.UnreadableReason)])
  func `a GPU without the figures of its memory is not readable, for a reason`(
    _ memory: String, _ reason: GPU.UnreadableReason
  ) throws {
    let query = try #require(
      GPUList(answer("index, uuid, memory.total, memory.used", "0, GPU-1, \(memory)"), complaints: []))
    #expect(query.gpus.map(\.unreadableReason) == [reason] && query.malformedRows == 0)
    let phrases: [GPU.UnreadableReason: [String]] = [
      .forbidden: ["[Insufficient Permissions]"], .unknown: ["[Unknown Error]"],
      .lost: ["[GPU is lost]", "[GPU requires reset]", "[GPU is inaccessible]"],
    ]
    let complaint = try #require(query.gpus.first?.complaint)
    #expect(phrases[reason]?.contains(complaint) == true && memory.contains(complaint), "\(complaint)")
  }

  @Test func `a loss in any column makes the GPU unreadable, another phrase there does not`() throws {
    let rows = answer(
      "index, uuid, power.draw", "0, GPU-0, [GPU is lost]", "1, GPU-1, [Unknown Error]", "2, [N/A], 1 W")
    let query = try #require(GPUList(rows, complaints: []))
    #expect(query.gpus.map(\.unreadableReason) == [.lost, nil, .unknown])
    #expect(query.gpus.map(\.complaint) == ["[GPU is lost]", nil, nil])
  }

  @Test(arguments: ["[N/A], [N/A]", "[Not Supported], [Not Supported]", "N/A, "])
  func `a GPU without memory figures of its own is readable`(_ memory: String) throws {
    let query = try #require(
      GPUList(answer("index, uuid, memory.total, memory.used", "0, GPU-1, \(memory)"), complaints: []))
    #expect(query.gpus.map(\.isReadable) == [true])
    #expect(query.gpus.first?.memoryTotalBytes == nil)
  }

  @Test func `rows are sorted by index and a gap stays one`() throws {
    #expect(try query(row(3), row(0), row(2)).gpus.map(\.index) == [0, 2, 3])
  }

  @Test func `rows without a sound index or UUID, and second rows, are malformed`() throws {
    let query = try query(
      row(0), row(0, uuid: "GPU-9"), row(1, uuid: "GPU-0"), row(2, uuid: "H100"), "x", row(4))
    #expect(query.gpus.map(\.index) == [0, 4])
    #expect(query.malformedRows == 4)
  }

  @Test func `two GPUs whose UUID cannot be read are two unreadable GPUs`() throws {
    let rows = answer("index, uuid", "0, [GPU requires reset]", "1, [GPU requires reset]")
    let query = try #require(GPUList(rows, complaints: []))
    #expect(query.gpus.map(\.index) == [0, 1] && query.malformedRows == 0)
    #expect(query.gpus.map(\.unreadableReason) == [.lost, .lost])
  }

  @Test func `a GPU with a complaint instead of a row is lost`() throws {
    let lost = LostGPU(index: 1, busID: "00000000:34:00.0")
    let query = try query(
      row(0), row(2, bus: "5E"), complaints: [.lostGPU(lost), .remark, .lostGPU(lost)])
    #expect(query.lostGPUs == [lost])
    #expect(query.gpus.map(\.isReadable) == [true, true])
  }

  @Test func `a GPU with both is unreadable and not lost as well`() throws {
    let byBus = try query(
      row(0, bus: "34"), complaints: [.lostGPU(LostGPU(index: nil, busID: "00000000:34:00.0"))])
    let byIndex = try query(row(0), row(1), complaints: [.lostGPU(LostGPU(index: 1, busID: ""))])
    #expect(byBus.lostGPUs.isEmpty && byBus.gpus.map(\.isReadable) == [false])
    #expect(byIndex.lostGPUs.isEmpty && byIndex.gpus.map(\.isReadable) == [true, false])
  }

  @Test func `of two diagnostics about one GPU the index is kept, whichever has it`() throws {
    let named = LostGPU(index: 1, busID: "00000000:34:00.0")
    let unnamed = LostGPU(index: nil, busID: "00000000:34:00.0")
    for complaints in [[named, unnamed], [unnamed, named]] {
      let query = try #require(
        GPUList(answer("index, uuid", "0, GPU-0"), complaints: complaints.map { .lostGPU($0) }))
      #expect(query.lostGPUs == [named])
    }
  }

  @Test func `a bus ID of another domain is another GPU`() throws {
    let other = LostGPU(index: nil, busID: "00000001:3B:00.0")
    #expect(try query(row(0), complaints: [.lostGPU(other)]).lostGPUs == [other])
  }

  @Test(arguments: [
    "", "No devices were found\n", "Field \"x\" is not a valid field to query.\n\n", "uuid, name\n",
  ])
  func `no header is no list`(_ text: String) {
    #expect(GPUList(octets(text), complaints: []) == nil)
  }

  @Test func `a header alone is an empty list`() throws {
    #expect(try query().gpus.isEmpty)
  }

  @Test func `each lost GPU that has a row is marked, and those without one stay`() throws {
    let lost = [1, 5, 2].map { LostGPU(index: $0, busID: "") }
    let query = try query(row(0), row(1), row(2), complaints: lost.map { .lostGPU($0) })
    #expect(query.gpus.map(\.unreadableReason) == [nil, .lost, .lost] && query.lostGPUs == [lost[1]])
  }
}
