import GPUSessions
import Testing

@Suite struct CSVTableTests {
  /// Reads a table to its end.
  private func table(_ output: [UInt8]) throws -> (rows: [CSVTable.Row], malformedRows: Int) {
    var table = try #require(CSVTable(output, required: ["gpu_uuid", "pid"]))
    var rows: [CSVTable.Row] = []
    while let row = table.next() { rows.append(row) }
    return (rows, table.malformedLines.count)
  }

  @Test func `columns are found by name, whatever their order and units`() throws {
    let first = try table(answer("gpu_uuid, pid, process_name, used_gpu_memory [MiB]", "GPU-1, 7, a, 8 MiB"))
    let second = try table(answer("used_gpu_memory [MiB],process_name,pid,gpu_uuid", "8 MiB,a,7,GPU-1"))
    for row in [try #require(first.rows.first), try #require(second.rows.first)] {
      #expect(row["gpu_uuid"].text == "GPU-1" && row["pid"].integer == 7)
      #expect(row["process_name"].text == "a" && row["used_gpu_memory"].mebibytes == 8_388_608)
    }
  }

  @Test func `the two spellings of a column are one`() throws {
    let short = try table(
      answer("gpu_uuid, pid, name, used_memory [MiB], gpu_bus_id", "GPU-1, 7, a, 8 MiB, 0:1:0.0"))
    let row = try #require(short.rows.first)
    #expect(row["used_gpu_memory"].mebibytes == 8_388_608)
    #expect(row["pci.bus_id"].text == "0:1:0.0")
    #expect(row["never.asked"].text.isEmpty)
  }

  /// No column that is asked for has free text, so nothing is mended.
  @Test(arguments: ["a, b", ", ", "x,", ",,,", "mem, 7, 8 MiB", "é,\u{301}x"])
  func `a row with more fields than the header is none`(_ name: String) throws {
    let table = try table(
      answer(
        "gpu_uuid, pid, process_name, used_gpu_memory [MiB]", "GPU-1, 7, \(name), 8 MiB", "GPU-1, 8, a, 8 MiB"))
    #expect(table.rows.map { $0["pid"].integer } == [8] && table.malformedRows == 1)
  }

  @Test func `a comma followed by a combining accent separates all the same`() throws {
    let table = try table(answer("gpu_uuid,\u{301}pid,pid", "GPU-1,\u{301}x,7"))
    #expect(table.rows.first?["pid"].integer == 7)
    #expect(table.rows.first?["\u{301}pid"].text == "\u{301}x")
  }

  @Test func `a row that does not fit costs only itself`() throws {
    let table = try table(
      answer(
        "gpu_uuid, pid, process_name, used_gpu_memory", "GPU-1, 7, a, 1", "GPU-1, 8", "", "x",
        "GPU-1, 9, b, 2"))
    #expect(table.rows.map { $0["pid"].integer } == [7, 9])
    #expect(table.malformedRows == 2)
  }

  @Test func `a row has exactly the header's fields`() throws {
    let table = try table(answer("gpu_uuid, pid", "GPU-1, 7", "GPU-1, 8, 9", "GPU-1"))
    #expect(table.rows.map { $0["pid"].integer } == [7] && table.malformedRows == 2)
  }

  @Test func `diagnostics before, between and after the rows are no rows`() throws {
    let table = try table(
      answer(
        "Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error", "gpu_uuid, pid",
        "GPU-1, 7",
        "Unable to determine the device handle for GPU 0000:35:00.0: Unknown Error", "GPU-2, 8",
        "WARNING: infoROM is corrupted at gpu 0000:0B:00.0"))
    #expect(table.rows.map { $0["gpu_uuid"].text } == ["GPU-1", "GPU-2"])
    #expect(table.malformedRows == 0)
  }

  @Test func `a diagnostic with as many commas as a row is no row`() throws {
    let warning = "WARNING: infoROM is corrupted at gpu 0000:0B:00.0, 7, x"
    let table = try table(answer("gpu_uuid, pid, process_name", warning, "GPU-1, 8, a"))
    #expect(table.rows.map { $0["pid"].integer } == [8] && table.malformedRows == 0)
  }

  @Test func `a diagnostic with the words of the header is no header`() throws {
    let warning = "WARNING: infoROM is corrupted at gpu 0000:0B:00.0, pid, gpu_uuid"
    let table = try table(answer(warning, "gpu_uuid, pid, process_name", "GPU-1, 8, a"))
    #expect(table.rows.map { $0["gpu_uuid"].text } == ["GPU-1"])
  }

  @Test func `a value like a diagnostic is part of its row`() throws {
    let table = try table(
      answer("gpu_uuid, pid, process_name", "GPU-1, 7, WARNING: x", "GPU-1, 8, No devices were found"))
    #expect(table.rows.map { $0["process_name"].text } == ["WARNING: x", "No devices were found"])
    #expect(table.rows.map { $0["pid"].integer } == [7, 8] && table.malformedRows == 0)
  }

  @Test func `lines may end in CR LF and the last one in nothing`() throws {
    let table = try table(octets("gpu_uuid, pid\r\nGPU-1, 7\r\n\r\nGPU-2, 8"))
    #expect(table.rows.map { $0["pid"].integer } == [7, 8])
    #expect(table.malformedRows == 0)
  }

  @Test(arguments: [
    "", "\n\n", "No devices were found\n", "GPU-1, 7, a, 8 MiB\n", "gpu_uuid, process_name\n",
    "gpu_uuid; pid\n",
    "GPU_UUID, PID\n", "xpid, gpu_uuid\n",
  ])
  func `without all required columns in one line there is no table`(_ text: String) {
    #expect(CSVTable(octets(text), required: ["gpu_uuid", "pid"]) == nil)
  }

  @Test func `what stands before the header is not counted`() throws {
    let table = try table(answer("Thu Aug 27 18:05:38 2026", "a, b", "gpu_uuid, pid", "GPU-1, 7"))
    #expect(table.rows.map { $0["pid"].integer } == [7] && table.malformedRows == 0)
  }

  @Test func `a row gives all its values in the order of the columns`() throws {
    let row = try #require(table(answer("pid, process_name, gpu_uuid", "7, a b, [N/A]")).rows.first)
    #expect(row.values.map(\.text) == ["7", "a b", ""])
  }

  @Test func `of two columns with one name the last is read`() throws {
    let found = try table(answer("gpu_uuid, pid, process_name, process_name", "GPU-1, 7, a, b"))
    #expect(try #require(found.rows.first)["process_name"].text == "b")
  }
}
