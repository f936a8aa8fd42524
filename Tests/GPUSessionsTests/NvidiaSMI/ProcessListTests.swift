import GPUSessions
import Testing

@Suite struct ProcessListTests {
  private static let uuid = "GPU-ae3738d5-9aa2-e1c9-53be-65b6d373d3d9"

  private func apps(_ rows: String...) throws -> ProcessList {
    let header = "gpu_uuid, pid, used_gpu_memory [MiB]"
    return try #require(ProcessList(octets(([header] + rows).map { $0 + "\n" }.joined())))
  }

  /// Figures of the drivers 535 to 610, as users have reported them.
  @Test(
    arguments: [
      ("10525, 1542 MiB", 1_616_904_192), ("63488, [N/A]", nil), ("806157, 218 MiB", 228_589_568),
      ("200, 52", 54_525_952), ("7, 1 MiB", 1_048_576), ("7, [Not Supported]", nil), ("7, ", nil),
    ] as [(String, UInt64?)])
  func `odd rows of real machines are read`(_ rest: String, _ bytes: UInt64?) throws {
    let apps = try apps("\(Self.uuid), \(rest)")
    let process = try #require(apps.processes.first)
    #expect(process.gpuUUID == Self.uuid && process.memoryBytes == bytes)
    #expect(apps.malformedRows.isEmpty && apps.unreadableGPUs.isEmpty)
  }

  @Test func `rows keep their order and a process may be on several GPUs`() throws {
    let apps = try apps(
      "GPU-1, 5268, 370 MiB", "GPU-1, 5267, 230 MiB", "GPU-2, 5268, 1 MiB")
    #expect(apps.processes.map(\.pid) == [5268, 5267, 5268])
    #expect(apps.processes.map(\.gpuUUID) == ["GPU-1", "GPU-1", "GPU-2"])
  }

  @Test func `a GPU whose list is kept from us is named once`() throws {
    let refusal = "[Insufficient Permissions], [Insufficient Permissions]"
    let apps = try apps("\(Self.uuid), \(refusal)", "\(Self.uuid), \(refusal)", "GPU-2, 7, 1 MiB")
    #expect(apps.unreadableGPUs == [Self.uuid: .forbidden])
    #expect(apps.processes.map(\.pid) == [7])
    #expect(apps.malformedRows.isEmpty)
  }

  @Test func `a missing permission is the reason, in whichever row it stands`() throws {
    let rows = ["GPU-1, [Insufficient Permissions], [N/A]", "GPU-1, [Unknown Error], [N/A]"]
    for apps in [try apps(rows[0], rows[1]), try apps(rows[1], rows[0])] {
      #expect(apps.unreadableGPUs == ["GPU-1": .forbidden])
      #expect(apps.complaints == ["GPU-1": "[Insufficient Permissions]"])
    }
    #expect(try apps(rows[1], rows[1]).unreadableGPUs == ["GPU-1": .unknown])
  }

  @Test(arguments: [
    "H100, 7, 1 MiB", ", 7, 1 MiB", "[N/A], 7, 1 MiB", "GPU-1, 0, 1 MiB", "GPU-1, -7, 1 MiB",
    "GPU-1, 2147483648, 1 MiB", "GPU-1, 7x, 1 MiB", "GPU-1, 7", "lone",
  ])
  func `a row without a GPU or a PID costs itself`(_ row: String) throws {
    let apps = try apps("GPU-1, 6, 1 MiB", row, "GPU-1, 8, 1 MiB")
    #expect(apps.processes.map(\.pid) == [6, 8])
    #expect(apps.malformedRows.count == 1)
  }

  @Test func `the largest PID there is fits`() throws {
    #expect(try apps("GPU-1, 2147483647, 1 MiB").processes.first?.pid == .max)
  }

  /// Lines with more fields than the header are no rows: an answer with names would have them.
  @Test func `a row with a name is none`() throws {
    let apps = try apps("GPU-1, 7, 1 MiB, a", "GPU-1, 8, 1 MiB")
    #expect(apps.processes.map(\.pid) == [8] && apps.malformedRows.count == 1)
  }

  @Test func `idle is a header alone and nothing at all is no answer`() throws {
    #expect(try apps().processes.isEmpty)
    #expect(ProcessList([]) == nil)
    #expect(ProcessList(answer("No devices were found")) == nil)
  }

  @Test func `nothing is asked for that a process can choose`() {
    #expect(ProcessList.fields == ["gpu_uuid", "pid", "used_gpu_memory"])
    #expect(ProcessList.requiredFields == ["gpu_uuid", "pid"])
  }
}
