import GPUSessions
import Testing

/// The tables of Tests/Captures: `tables/rows.tsv` says what is to be read from those that others have published.
@Suite struct TableCapturesTests {
  private static let rows: [[String]] = readBytes("Tests/Captures/tables/rows.tsv").lines().map(\.text)
    .filter { !$0.hasPrefix("#") }
    .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }

  private static func mebibytes(_ bytes: UInt64?) -> String { bytes.map { "\($0 >> 20)" } ?? "-" }

  private static func text(_ instance: SMITable.Instance) -> String {
    "\(instance.gpu)/\(instance.id.gpuInstance)/\(instance.id.computeInstance)/\(instance.deviceIndex) "
      + mebibytes(instance.memoryUsedBytes) + "/" + mebibytes(instance.memoryTotalBytes)
  }

  private static func text(_ process: SMITable.Process) -> String {
    let instance = process.instance.map { "\($0.gpuInstance) \($0.computeInstance)" } ?? "- -"
    return "\(process.gpu) \(instance) \(process.pid) \(process.type) \(mebibytes(process.memoryBytes)) "
      + process.name.text
  }

  @Test func `there are tables of every form`() { #expect(Self.rows.count >= 40) }

  @Test(arguments: rows) func `a published table`(_ row: [String]) throws {
    let bytes = readBytes("Tests/Captures/tables/\(row[0]).txt")
    try #require(!bytes.isEmpty && row.count == 3)
    let table = SMITable(bytes)
    #expect((table.instances?.map(Self.text).joined(separator: ", ") ?? "-") == row[1])
    #expect((table.processes?.map(Self.text).joined(separator: "; ") ?? "-") == row[2])
    #expect(table.malformedInstances == 0)
    #expect(table.malformedProcesses == (row[0] == "390.116-notsup" ? 1 : 0))
  }

  @Test(arguments: CapturesTests.machines, [0, 1]) func `the table of a machine has its processes`(
    _ machine: CapturesTests.Machine, _ moment: Int
  ) throws {
    let bytes = readBytes("Tests/Captures/\(machine.directory)/table.\(["idle", "load"][moment]).txt")
    try #require(!bytes.isEmpty)
    let table = SMITable(bytes)
    let rows = try #require(table.processes)
    #expect(Set(rows.map(\.pid)) == Set(machine.pids[moment]).union(machine.graphics))
    #expect(Set(rows.filter { $0.type == "G" }.map(\.pid)) == machine.graphics)
    #expect(rows.count == Set(rows.map(\.pid)).count && table.malformedProcesses == 0)
    #expect(rows.allSatisfy { ($0.instance != nil) == (machine.mig == .enabled) && !$0.name.isEmpty })
    #expect((table.instances?.count ?? 0) == (machine.mig == .enabled ? 4 : 0))
  }

  @Test func `the H100 of driver 590 has four instances and all processes on the first`() throws {
    let table = SMITable(readBytes("Tests/Captures/h100-mig-590/table.load.txt"))
    let found = try #require(table.instances)
    #expect(found.map(\.deviceIndex) == [0, 1, 2, 3] && found.map(\.id.gpuInstance) == [2, 3, 9, 10])
    #expect(found.map(\.memoryTotalBytes) == [40448, 20096, 9984, 9984].map { $0 << 20 })
    #expect(found.map(\.memoryUsedBytes) == [11091, 17, 9, 9].map { $0 << 20 })
    let rows = try #require(table.processes)
    #expect(rows.map(\.pid) == [21180, 21181, 21198] && rows.allSatisfy { $0.instance == found[0].id })
    #expect(rows.map(\.memoryBytes) == [2296, 1272, 7484].map { $0 << 20 } && rows.last?.name == "./gpu_burn")
  }

  /// 46 processes, of which the driver leaves out the two without a name. Two have a line feed where it shows.
  @Test func `odd names of driver 580`() throws {
    let table = SMITable(readBytes("Tests/Captures/h200-580-odd-names/table.txt"))
    let rows = try #require(table.processes)
    let listed = try #require(ProcessList(readBytes("Tests/Captures/h200-580-odd-names/compute-apps.csv")))
    #expect(listed.processes.count == 46 && listed.malformedRows.isEmpty)
    #expect(Set(listed.processes.map(\.pid)).subtracting(rows.map(\.pid)) == [1557, 1567])
    #expect(rows.map(\.pid) == rows.map(\.pid).sorted() && rows.count == 44)
    #expect(rows.filter { $0.name.contains(UInt8(ascii: "\n")) }.map(\.pid) == [1526, 1578])
    #expect(table.malformedProcesses == 0)
    #expect(rows.allSatisfy { $0.gpu == 0 && $0.type == "C" && $0.instance == nil })
    #expect(rows.allSatisfy { $0.memoryBytes == 582 << 20 })
    let names = Dictionary(rows.map { ($0.pid, $0.name) }) { first, _ in first }
    #expect(names[1523] == "tool --key=x /a/b" && names[1524] == "...url=http://x/y --token=SECRET")
    #expect(names[1573] == "| a | b |" && names[1575] == "...                       9MiB |")
    #expect(names[1572] == "[N/A]" && names[1544] == "tab\there" && names[1546] == "cr\rhere")
  }

  @Test func `a process whose first thread has ended is in the list and not in the table`() throws {
    let table = SMITable(readBytes("Tests/Captures/h200-580-states/table.txt"))
    let listed = try #require(ProcessList(readBytes("Tests/Captures/h200-580-states/compute-apps.csv")))
    #expect(Set(listed.processes.map(\.pid)).subtracting((table.processes ?? []).map(\.pid)) == [1768])
    #expect(table.processes?.map(\.memoryBytes) == [582, 1164, 582, 582].map { $0 << 20 })
  }

  @Test func `odd names of driver 580 in pmon`() throws {
    let pmon = try #require(Pmon(readBytes("Tests/Captures/h200-580-odd-names/pmon.txt")))
    let listed = try #require(ProcessList(readBytes("Tests/Captures/h200-580-odd-names/compute-apps.csv")))
    #expect(Set(pmon.rows.keys) == Set(listed.processes.map { ProcessKey(gpu: 0, pid: $0.pid) }))
    #expect(pmon.rows.values.allSatisfy { $0.type == "C" } && pmon.coveredGPUs == [0])
    // The lines behind the line feeds of four names; one of them begins with `#`.
    #expect(pmon.malformedRows == 4 && pmon.duplicateRows == 0)
  }
}
