import Testing

@testable import GPUSessions

/// Every file of Tests/Captures; the numbers were read in the raw files.
@Suite struct CapturesTests {
  struct Machine: Sendable, CustomTestStringConvertible {
    var directory: String
    var driver: String
    var name: String
    var busID: String
    var mig = GPU.MIGMode.unsupported
    var memoryTotal: UInt64
    /// MiB, idle and under load; so are the next ones.
    var memoryUsed: [UInt64]
    var utilization: [Double?]
    var temperature: [Double]
    var power: [Double]
    var powerLimit: Double
    /// Whether the driver keeps the clocks low because nothing runs.
    var clocksIdle = [true, false]
    /// Of compute-apps, in the order of the file.
    var pids: [[Int32]]
    /// Rows of pmon that are no compute process.
    var graphics: Set<Int32> = []
    var testDescription: String { directory }
  }

  static let machines = [
    Machine(
      directory: "h100-590", driver: "590.48.01", name: "NVIDIA H100 80GB HBM3", busID: "00000000:00:09.0",
      mig: .disabled, memoryTotal: 81559, memoryUsed: [0, 19818], utilization: [0, 100],
      temperature: [41, 59],
      power: [69.85, 631.95], powerLimit: 700, pids: [[], [11327, 11328, 11345]]),
    Machine(
      directory: "h100-mig-590", driver: "590.48.01", name: "NVIDIA H100 80GB HBM3",
      busID: "00000000:00:09.0",
      mig: .enabled, memoryTotal: 81559, memoryUsed: [59, 11125], utilization: [nil, nil],
      temperature: [42, 53],
      power: [71.15, 433.78], powerLimit: 700, pids: [[], [21180, 21181, 21198]]),
    Machine(
      directory: "h200-590", driver: "590.48.01", name: "NVIDIA H200", busID: "00000000:83:00.0",
      mig: .disabled,
      memoryTotal: 143771, memoryUsed: [0, 32362], utilization: [0, 100], temperature: [28, 52],
      power: [77.71, 627.40], powerLimit: 700, pids: [[], [10291, 10293, 10309]]),
    Machine(
      directory: "l40s-595", driver: "595.80", name: "NVIDIA L40S", busID: "00000000:01:00.0",
      memoryTotal: 46068,
      memoryUsed: [0, 1235], utilization: [100, 9], temperature: [63, 54], power: [144.97, 110.23],
      powerLimit: 350, clocksIdle: [false, false], pids: [[], [20037, 20038]]),
    Machine(
      directory: "rtx2080super-610", driver: "610.57.04", name: "NVIDIA GeForce RTX 2080 SUPER",
      busID: "00000000:0C:00.0", memoryTotal: 8192, memoryUsed: [211, 815], utilization: [0, 8],
      temperature: [33, 38], power: [39.17, 98.14], powerLimit: 250, pids: [[], [28512, 28511]],
      graphics: [1720, 4556]),
    Machine(
      directory: "rtx2080super-windows-591", driver: "591.86", name: "NVIDIA GeForce RTX 2080 SUPER",
      busID: "00000000:0C:00.0", memoryTotal: 8192, memoryUsed: [702, 1296], utilization: [0, 7],
      temperature: [40, 45], power: [38.92, 97.43], powerLimit: 250, clocksIdle: [true, true],
      pids: [
        [12444, 15076, 2056, 12332, 20372, 4680, 14160, 14184, 16280, 24804],
        [12444, 15076, 2056, 12332, 20372, 4680, 14160, 14184, 16280, 24804, 25704, 26660],
      ]),
  ]

  static let uuid = "GPU-00000000-0000-0000-0000-000000000000"

  private func read(_ machine: Machine, _ file: String) throws -> [UInt8] {
    let bytes = readBytes("Tests/Captures/\(machine.directory)/\(file)")
    try #require(!bytes.isEmpty, "\(file)")
    return bytes
  }

  /// What `--query-compute-apps` prints if its third column, the name, is not asked for. No name has a comma in it here.
  static func withoutNames(_ output: [UInt8]) -> [UInt8] {
    octets(
      output.lines().map { line in
        let cells = line.text.split(separator: ", ", omittingEmptySubsequences: false)
        return (cells.count == 4 ? [cells[0], cells[1], cells[3]] : cells).joined(separator: ", ") + "\n"
      }.joined())
  }

  @Test(arguments: machines, [0, 1]) func `the GPU list`(_ machine: Machine, _ moment: Int) throws {
    let file = try read(machine, "query-gpu.\(["idle", "load"][moment]).csv")
    let query = try #require(GPUList(file, complaints: []))
    #expect(query.gpus.count == 1 && query.malformedRows == 0 && query.lostGPUs.isEmpty)
    let gpu = try #require(query.gpus.first)
    #expect(gpu.index == 0 && gpu.uuid == Self.uuid && gpu.busID == machine.busID && gpu.name == machine.name)
    #expect(gpu.driverVersion == machine.driver && gpu.migMode == machine.mig && gpu.isReadable)
    #expect(gpu.memoryTotalBytes == machine.memoryTotal << 20)
    #expect(gpu.memoryUsedBytes == machine.memoryUsed[moment] << 20)
    #expect(gpu.utilization == machine.utilization[moment])
    #expect(gpu.temperatureCelsius == machine.temperature[moment])
    #expect(gpu.powerWatts == machine.power[moment] && gpu.powerLimitWatts == machine.powerLimit)
    #expect(gpu.areClocksIdle == machine.clocksIdle[moment] && !gpu.isMIGModePending)
    #expect(gpu.computeMode == "Default" && gpu.recoveryAction == "None")
  }

  @Test(arguments: machines, [0, 1]) func `the process list`(_ machine: Machine, _ moment: Int) throws {
    let file = try read(machine, "compute-apps.\(["idle", "load"][moment]).csv")
    let apps = try #require(ProcessList(CapturesTests.withoutNames(file)))
    #expect(apps.processes.map(\.pid) == machine.pids[moment])
    #expect(apps.malformedRows.isEmpty && apps.unreadableGPUs.isEmpty)
    #expect(apps.processes.allSatisfy { $0.gpuUUID == Self.uuid })
    let isWindows = machine.directory.contains("windows")
    #expect(apps.processes.allSatisfy { ($0.memoryBytes == nil) == isWindows })
  }

  @Test(arguments: machines, [0, 1]) func `pmon has every compute process too`(
    _ machine: Machine, _ moment: Int
  ) throws {
    let pmon = try #require(Pmon(read(machine, "pmon.\(["idle", "load"][moment]).txt")))
    #expect(pmon.malformedRows == 0 && pmon.coveredGPUs == [0])
    #expect(Set(pmon.rows.keys.map(\.pid)) == Set(machine.pids[moment]).union(machine.graphics))
    let graphics = pmon.rows.filter { $0.value.type == "G" }.keys.map(\.pid)
    #expect(Set(graphics) == machine.graphics)
  }

  @Test(arguments: machines) func `the list of MIG devices`(_ machine: Machine) throws {
    let list = InstanceList(try read(machine, "list.txt"))
    #expect(list.entries.allSatisfy { $0.gpuUUID == Self.uuid })
    let profiles = machine.mig == .enabled ? ["3g.40gb", "2g.20gb", "1g.10gb", "1g.10gb"] : []
    #expect(list.entries.map { $0.profile?.name } == profiles)
    #expect(list.entries.map(\.deviceIndex) == Array(profiles.indices))
    #expect(Set(list.entries.map(\.uuid)).count == profiles.count)
  }

  @Test func `the last sample of pmon has these figures`() throws {
    func utilization(_ directory: String, _ pid: Int32) throws -> ProcessUtilization {
      let lines = readBytes("Tests/Captures/\(directory)/pmon.load.txt").lines().map(\.text)
      let header = try #require(lines.first { $0.hasPrefix("# gpu") })
      // One sample, as the collector asks for it.
      let row = try #require(lines.last { $0.split(separator: " ").dropFirst().first == "\(pid)" })
      let pmon = try #require(Pmon(octets(header + "\n" + row + "\n")))
      return try #require(pmon.rows[.init(gpu: 0, pid: pid)]).utilization
    }
    #expect(try utilization("h100-590", 11345) == ProcessUtilization(sm: 99, memoryBandwidth: 10))
    #expect(try utilization("h100-590", 11327) == ProcessUtilization())
    #expect(try utilization("h100-mig-590", 21198) == ProcessUtilization())
    #expect(try utilization("h200-590", 10309) == ProcessUtilization(sm: 99, memoryBandwidth: 7))
    #expect(try utilization("l40s-595", 20038) == ProcessUtilization(sm: 5, memoryBandwidth: 0, encoder: 42))
    #expect(
      try utilization("rtx2080super-610", 28511) == ProcessUtilization(sm: 3, memoryBandwidth: 1, encoder: 99)
    )
    #expect(try utilization("rtx2080super-windows-591", 26660) == ProcessUtilization(encoder: 99))
  }

  @Test func `the prickle capture, headers put before its rows as its ORIGIN says`() throws {
    let directory = "Tests/Captures/h100-mig-580-prickle/"
    let uuid = "GPU-0d0831da-0c98-2717-6446-8acd91d39b65"
    let fields =
      "index, uuid, name, utilization.gpu, memory.used, memory.total, temperature.gpu, power.draw\n"
    let query = try #require(
      GPUList(octets(fields) + readBytes(directory + "query-gpu.load.csv"), complaints: []))
    let gpu = try #require(query.gpus.first)
    #expect(query.gpus.count == 1 && query.malformedRows == 0 && gpu.uuid == uuid)
    #expect(
      gpu.utilization == nil && gpu.memoryUsedBytes == 4225 << 20 && gpu.memoryTotalBytes == 81559 << 20)
    #expect(gpu.temperatureCelsius == 58 && gpu.powerWatts == 171.29)

    let columns = octets("gpu_uuid, pid, process_name, used_gpu_memory\n")
    let apps = try #require(
      ProcessList(CapturesTests.withoutNames(columns + readBytes(directory + "compute-apps.load.csv"))))
    #expect(apps.malformedRows.isEmpty)
    #expect(
      apps.processes == [
        ListedProcess(gpuUUID: uuid, pid: 10385, memoryBytes: 4188 << 20)
      ])

    let list = InstanceList(readBytes(directory + "list.txt"))
    #expect(list.entries.map(\.gpuUUID) == [uuid, uuid])
    #expect(list.entries.map { $0.profile?.name } == ["1g.10gb", "1g.10gb"])
    #expect(
      list.entries.map(\.uuid) == [
        "MIG-8443519f-66f7-5962-8955-60dba0866f3a", "MIG-ee6996fb-86fb-5405-83f0-b20887da1bb3",
      ])
  }
}
