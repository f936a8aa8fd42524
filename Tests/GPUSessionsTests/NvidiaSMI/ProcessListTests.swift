import GPUSessions
import Testing

@Suite struct ProcessListTests {
  private static let uuid = "GPU-ae3738d5-9aa2-e1c9-53be-65b6d373d3d9"

  private func apps(_ rows: String...) throws -> ProcessList {
    let header = "gpu_uuid, pid, used_gpu_memory [MiB], process_name"
    return try #require(ProcessList(octets(([header] + rows).map { $0 + "\n" }.joined())))
  }

  /// Rows of the drivers 535 to 610, as users have reported them.
  @Test(
    arguments: [
      ("10525, /root/tools/memhog, 1542 MiB", "/root/tools/memhog", 1_616_904_192),
      ("10529, /root/tools/memhög ünïcode, 818 MiB", "/root/tools/memhög ünïcode", 857_735_168),
      ("10526, /root/tools/mem? hog, 818 MiB", "/root/tools/mem? hog", 857_735_168),
      ("10528, /root/tools/mem \"q\" hog, 818 MiB", "/root/tools/mem \"q\" hog", 857_735_168),
      ("63488, [Not Found], [N/A]", nil, nil), ("806157, [Not Found], 218 MiB", nil, 228_589_568),
      ("200, nvidia-cuda-mps-server, 52", "nvidia-cuda-mps-server", 54_525_952),
      ("4, [Insufficient Permissions], [N/A]", nil, nil), ("7, , 1 MiB", nil, 1_048_576),
    ] as [(String, String?, UInt64?)])
  func `odd rows of real machines are read`(_ rest: String, _ name: String?, _ bytes: UInt64?) throws {
    let apps = try #require(
      ProcessList(answer("gpu_uuid, pid, process_name, used_gpu_memory [MiB]", "\(Self.uuid), \(rest)")))
    let process = try #require(apps.processes.first)
    #expect(process.gpuUUID == Self.uuid && process.name == name.map(octets) && process.memoryBytes == bytes)
    #expect(apps.malformedRows == 0 && apps.unreadableGPUs.isEmpty)
  }

  @Test func `rows keep their order and a process may be on several GPUs`() throws {
    let apps = try apps(
      "GPU-1, 5268, 370 MiB, ffmpeg", "GPU-1, 5267, 230 MiB, ffmpeg", "GPU-2, 5268, 1 MiB, ffmpeg")
    #expect(apps.processes.map(\.pid) == [5268, 5267, 5268])
    #expect(apps.processes.map(\.gpuUUID) == ["GPU-1", "GPU-1", "GPU-2"])
  }

  @Test func `a GPU whose list is kept from us is named once`() throws {
    let refusal = "[Insufficient Permissions], [Insufficient Permissions], [Insufficient Permissions]"
    let apps = try apps("\(Self.uuid), \(refusal)", "\(Self.uuid), \(refusal)", "GPU-2, 7, 1 MiB, a")
    #expect(apps.unreadableGPUs == [Self.uuid: .forbidden])
    #expect(apps.processes.map(\.pid) == [7])
    #expect(apps.malformedRows == 0)
  }

  @Test func `a missing permission is the reason, in whichever row it stands`() throws {
    let rows = ["GPU-1, [Insufficient Permissions], [N/A], [N/A]", "GPU-1, [Unknown Error], [N/A], [N/A]"]
    #expect(try apps(rows[0], rows[1]).unreadableGPUs == ["GPU-1": .forbidden])
    #expect(try apps(rows[1], rows[0]).unreadableGPUs == ["GPU-1": .forbidden])
    #expect(try apps(rows[1], rows[1]).unreadableGPUs == ["GPU-1": .unknown])
  }

  @Test(arguments: [
    "H100, 7, 1 MiB, a", ", 7, 1 MiB, a", "[N/A], 7, 1 MiB, a", "GPU-1, 0, 1 MiB, a", "GPU-1, -7, 1 MiB, a",
    "GPU-1, 2147483648, 1 MiB, a", "GPU-1, 7x, 1 MiB, a", "GPU-1, 7", "lone",
  ])
  func `a row without a GPU or a PID costs itself`(_ row: String) throws {
    let apps = try apps("GPU-1, 6, 1 MiB, a", row, "GPU-1, 8, 1 MiB, b")
    #expect(apps.processes.map(\.pid) == [6, 8])
    #expect(apps.malformedRows == 1)
  }

  @Test func `the largest PID there is fits`() throws {
    #expect(try apps("GPU-1, 2147483647, 1 MiB, a").processes.first?.pid == .max)
  }

  @Test func `a name of any bytes is kept as it is`() throws {
    let bytes =
      octets("gpu_uuid, pid, used_gpu_memory, process_name\nGPU-1, 7, 1, ") + [0xFF, 0x2C, 0xCC, 0x81, 0x0A]
    #expect(try #require(ProcessList(bytes)).processes.first?.name == [0xFF, 0x2C, 0xCC, 0x81])
  }

  @Test func `idle is a header alone and nothing at all is no answer`() throws {
    #expect(try apps().processes.isEmpty)
    #expect(ProcessList([]) == nil)
    #expect(ProcessList(answer("No devices were found")) == nil)
  }

  @Test func `the fields asked for have the free text last`() {
    #expect(ProcessList.fields == ["gpu_uuid", "pid", "used_gpu_memory", "process_name"])
  }
}
