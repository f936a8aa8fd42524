import GPUSessions
import Testing

@Suite struct SMITableTests {
  private func table(_ text: String) -> SMITable { SMITable(octets(text)) }

  private let processes = [
    FakeProcess(pid: 100, instance: (1, 0)), FakeProcess(pid: 200, memory: "[N/A]", type: "M+C", instance: (2, 0)),
    FakeProcess(gpu: 1, pid: 100, type: "G"),
  ]

  private static let second =
    "|  0    2   0   1  |            1024MiB /  4096MiB    | 16      0 |  1   0    1    0    1 |"

  @Test func `devices and processes are read in the order of the table`() throws {
    let table = table(FakeTable.mig(processes).text)
    let found = try #require(table.instances)
    #expect(found.map(\.gpu) == [0, 0] && found.map(\.deviceIndex) == [0, 1])
    #expect(found.map(\.id) == [1, 2].map { InstanceID(gpuInstance: $0, computeInstance: 0) })
    #expect(found.allSatisfy { $0.memoryUsedBytes == 1024 << 20 && $0.memoryTotalBytes == 4096 << 20 })
    let rows = try #require(table.processes)
    #expect(rows.map(\.pid) == [100, 200, 100] && rows.map(\.gpu) == [0, 0, 1])
    #expect(rows.map(\.instance?.gpuInstance) == [1, 2, nil] && rows.map(\.type) == ["C", "M+C", "G"])
    #expect(rows.map(\.memoryBytes) == [1024 << 20, nil, 1024 << 20])
    #expect(rows.allSatisfy { $0.name == "/usr/bin/python3" })
    #expect(table.malformedInstances == 0 && table.malformedProcesses == 0)
  }

  @Test func `without a part of the table nothing is known of it`() {
    for text in ["", "No devices were found\n", "a\nb\n", "| Processes: |\n"] {
      #expect(table(text).instances == nil && table(text).processes == nil, "\(text)")
    }
    let idle = table(FakeTable().text)
    #expect(idle.instances == nil && idle.processes?.isEmpty == true && idle.malformedProcesses == 0)
    let empty = table(FakeTable.mig([], []).text)
    #expect(empty.instances?.isEmpty == true && empty.processes?.isEmpty == true && empty.malformedInstances == 0)
  }

  /// The row is not whole, or contradicts an earlier one.
  @Test(arguments: [
    "|  0    2   0  N/A |   1MiB / 2MiB | 16 0 |", "|  0    2   0   |   1MiB / 2MiB | 16 0 |",
    "|  0    2   0   1   9 |   1MiB / 2MiB | 16 0 |", "|  0    2   0   1  |   1MiB",
    "|  0    1   0   1  |   1MiB / 2MiB | 16 0 |", "|  0    1   0   0  |   1MiB / 2MiB | 16 0 |",
    "|  0   -2   0   1  |   1MiB / 2MiB | 16 0 |", "|  0    2   x   0   1  |   1MiB / 2MiB | 16 0 |",
  ])
  func `a device that cannot be read, or is there twice, is counted`(_ row: String) {
    let table = table(FakeTable.mig([]).text.replacing(Self.second, with: row))
    #expect(table.instances?.map(\.id.gpuInstance) == [1] && table.malformedInstances == 1)
  }

  @Test(arguments: ["1/1", "0/0"]) func `the same IDs on another GPU or with another number are another device`(
    _ place: String
  ) {
    let (gpu, compute) = (place.prefix(1), place == "1/1" ? "0" : "3")
    let row = "|  \(gpu)    1   \(compute)   1  |"
    let table = table(FakeTable.mig([]).text.replacing("|  0    2   0   1  |", with: row))
    #expect(table.instances?.count == 2 && table.malformedInstances == 0)
  }

  @Test(
    arguments: [
      ("16638MiB / 71424MiB", 16638, 71424), ("N/A /  N/A", nil, nil), ("N/A / 71424MiB", nil, 71424),
      ("", nil, nil),
      ("16638MiB 71424MiB", nil, nil), ("16638MiB : 71424MiB", nil, nil),
    ] as [(String, UInt64?, UInt64?)])
  func `memory of a device is known or not`(_ cell: String, _ used: UInt64?, _ total: UInt64?) throws {
    let text = FakeTable.mig([(0, 1, 0)], []).text.replacing("1024MiB /  4096MiB", with: cell)
    let instance = try #require(table(text).instances?.first)
    #expect(
      instance.memoryUsedBytes == used.map { $0 << 20 } && instance.memoryTotalBytes == total.map { $0 << 20 })
  }

  @Test func `what nvidia-smi says of a lost GPU is no row, wherever it stands`() throws {
    let lost = "Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error"
    let lines = FakeTable.mig(processes).text.split(separator: "\n", omittingEmptySubsequences: false)
    let table = table(lines.map { "\($0)\n\(lost)\n" }.joined())
    #expect(table.instances?.count == 2 && table.processes?.count == 3)
    #expect(table.malformedInstances == 0 && table.malformedProcesses == 0)
  }

  @Test func `a line that is no row is counted`() {
    let text = FakeTable(processes: [processes[2]]).text + "what is this\n| 0 |\n"
    #expect(table(text).processes?.count == 1 && table(text).malformedProcesses == 2)
  }

  @Test func `lines that end in CR LF are the same`() {
    let text = FakeTable.mig(processes).text
    let windows = table(text.replacing("\n", with: "\r\n"))
    #expect(windows.processes == table(text).processes && windows.instances == table(text).instances)
    #expect(windows.malformedProcesses == 0)
  }

  /// Of what is left nothing is read otherwise than in the whole.
  @Test func `a table cut at every byte has the beginning of what the whole has`() throws {
    for form in FakeTable.Form.allCases {
      var fake = FakeTable.mig([(0, 1, 0), (0, 2, 0), (1, 11, 0)], processes)
      fake.form = form
      let bytes = octets(fake.text)
      let whole = SMITable(bytes)
      #expect(whole.processes?.count == 3)
      for length in bytes.indices {
        let cut = SMITable(Array(bytes[..<length]))
        let (devices, rows) = (cut.instances ?? [], cut.processes ?? [])
        #expect(devices == Array((whole.instances ?? []).prefix(devices.count)), "cut at \(length)")
        #expect(rows == Array((whole.processes ?? []).prefix(rows.count)), "cut at \(length)")
      }
    }
  }

  @Test(arguments: ["\r", "\r\r\r", "x\r", "\n\r", "\r\n\r"]) func `carriage returns at the end end it`(
    _ end: String
  ) {
    let text = FakeTable(processes: processes).text
    #expect(table(text + end).processes == table(text).processes)
    let row = String(text.dropLast(FakeTable.row(processes[0], .wide).utf8.count))
    #expect((table(row + end).processes?.count ?? 0) <= processes.count)
    #expect(table(end).processes == nil)
  }

  @Test func `rows of a second table are added for these processes only`() {
    var first = table(FakeTable(processes: [FakeProcess(pid: 1)]).text)
    let second = table(FakeTable(processes: [1, 2, 2, 3].map { FakeProcess(pid: $0) }).text)
    first.add([ProcessKey(gpu: 0, pid: 2), ProcessKey(gpu: 1, pid: 3)], from: second)
    #expect(first.processes?.map(\.pid) == [1, 2, 2])
    first.add([ProcessKey(gpu: 0, pid: 3)], from: table(""))
    #expect(first.processes?.map(\.pid) == [1, 2, 2])
    var none = table("")
    none.add([ProcessKey(gpu: 0, pid: 3)], from: second)
    #expect(none.processes?.map(\.pid) == [3])
  }
}
