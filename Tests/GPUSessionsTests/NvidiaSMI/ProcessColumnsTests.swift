import Testing

@testable import GPUSessions

/// Rows of each form, and what a process can do to them by its name.
@Suite struct ProcessColumnsTests {
  private func table(_ form: FakeTable.Form, _ processes: FakeProcess...) -> SMITable {
    SMITable(octets(FakeTable(processes: processes, form: form).text))
  }

  @Test(arguments: FakeTable.Form.allCases) func `a row of each form`(_ form: FakeTable.Form) throws {
    let table = table(
      form,
      FakeProcess(gpu: 12, pid: 4_194_304, name: "a b  c", memory: "143771 MiB", type: "M+C", instance: (13, 2)))
    let row = try #require(table.processes?.first)
    let instance = form == .old ? nil : InstanceID(gpuInstance: 13, computeInstance: 2)
    #expect(
      row
        == SMITable.Process(
          gpu: 12, instance: instance, pid: 4_194_304, type: "M+C", name: "a b  c", memoryBytes: 143_771 << 20))
    #expect(table.processes?.count == 1 && table.malformedProcesses == 0)
  }

  @Test(arguments: FakeTable.Form.allCases) func `what is not printed is absent`(_ form: FakeTable.Form) throws {
    let row = try #require(table(form, FakeProcess(pid: 7, name: "", memory: "[N/A]")).processes?.first)
    #expect(row.name == "" && row.memoryBytes == nil && row.instance == nil && row.type == "C")
    // Windows prints N/A at the left of its column.
    let text = FakeTable(processes: [FakeProcess(pid: 7, memory: "[N/A]")], form: form).text
    let left = SMITable(octets(text.replacing("      N/A |", with: "N/A       |"))).processes?.first
    #expect(left?.name == "/usr/bin/python3" && left?.memoryBytes == nil)
  }

  @Test(arguments: FakeTable.Form.allCases) func `a long name is cut at its front`(_ form: FakeTable.Form) {
    let name = "/" + String(repeating: "d", count: 60) + "/some thing/program"
    let row = table(form, FakeProcess(pid: 7, name: name)).processes?.first
    #expect(row?.name.text == FakeTable.cut(name, form) && row?.name.starts(with: "...") == true)
    #expect(row?.memoryBytes == 1024 << 20)
  }

  @Test(arguments: [
    "|  GPU   GI   CI  PID   Process name  GPU Memory |", "|  GPU  GI  CI  PID  Type  Process name |",
    "  GPU   GI   CI  PID   Type   Process name  GPU Memory |", "|  GPU  Type   Process name  Usage |",
    "|  GPU  PID  Process name  Type  Usage |", "|  GPU  PID  Type  Usage  Process name |", "",
  ])
  func `a line that is no header`(_ line: String) { #expect(ProcessColumns(header: octets(line)[...]) == nil) }

  @Test(arguments: ["c", "C G", "C/G", "1", "N/A", "-", ""]) func `a type is letters joined by plus`(_ type: String)
  {
    let text = FakeTable(processes: [FakeProcess(pid: 7, type: type), FakeProcess(pid: 8)]).text
    let table = SMITable(octets(text))
    #expect(table.processes?.map(\.pid) == [8] && table.malformedProcesses == 1)
  }

  @Test(arguments: ["        7x", "      7  8", "2147483648", "         0", "        -7", "       N/A"])
  func `a row without a PID is none`(_ pid: String) {
    for form in FakeTable.Form.allCases {
      let text = FakeTable(processes: [FakeProcess(pid: 12_345_678), FakeProcess(pid: 9)], form: form).text
      let table = SMITable(octets(text.replacing("  12345678", with: pid)))
      #expect(table.processes?.map(\.pid) == [9] && table.malformedProcesses == 1)
    }
  }

  @Test(arguments: FakeTable.Form.allCases) func `a row with line feeds in its name is cut off by its length`(
    _ form: FakeTable.Form
  ) {
    for name in ["\n", "a\nb", "a\n", "\nb", "a\r\nb", "a\n\nb", "|\n|", String(repeating: "\n", count: 50)] {
      let table = table(form, FakeProcess(pid: 7, name: name, instance: (3, 1)), FakeProcess(pid: 8))
      let row = SMITable.Process(
        gpu: 0, instance: form == .old ? nil : InstanceID(gpuInstance: 3, computeInstance: 1), pid: 7, type: "C",
        name: octets(FakeTable.cut(name, form))[...], memoryBytes: 1024 << 20)
      #expect(table.processes?.first == row && table.processes?.last?.pid == 8 && table.processes?.count == 2)
      #expect(table.malformedProcesses == 0)
    }
  }

  @Test(arguments: FakeTable.Form.allCases) func `lines of another length are counted`(_ form: FakeTable.Form) {
    let row = FakeTable.row(FakeProcess(pid: 7, name: "a\nb"), form)
    for broken in [row.replacing("b ", with: "b"), row.replacing("b ", with: "b  "), "x\n"] {
      let table = SMITable(octets(FakeTable.header(form) + broken + FakeTable.row(FakeProcess(pid: 8), form)))
      #expect(table.processes?.map(\.pid) == [8] && table.malformedProcesses >= 1, "\(broken)")
    }
  }

  /// Names that look like rows of the table, in whatever form, at whatever offset behind the line feed.
  static let imitations: [String] = FakeTable.Form.allCases.flatMap { form -> [String] in
    let forged = FakeProcess(gpu: 3, pid: 666, name: "f", memory: "9 MiB", type: "G", instance: (9, 9))
    let row = String(FakeTable.row(forged, form).dropLast())
    let tight = "|3 9 9 666 G f 9MiB |"
    return [row, tight, "|    3    9    9   666   G |", "|3 9 9 666" + String(repeating: " ", count: 20) + "G"]
  }

  @Test(arguments: FakeTable.Form.allCases) func `no name passes for a row`(_ form: FakeTable.Form) {
    for imitation in Self.imitations {
      for shift in 0..<40 {
        let padding = String(repeating: "x", count: shift)
        for name in [
          padding + "\n" + imitation, padding + imitation, imitation + padding, "\n" + padding + imitation,
          padding + "\n" + imitation + "\n" + imitation, "\n" + imitation + padding,
          padding + "\n" + String(imitation.prefix(shift)),
        ] {
          let table = table(form, FakeProcess(pid: 7, name: name), FakeProcess(gpu: 1, pid: 8, name: name))
          let keys = (table.processes ?? []).map(\.key)
          let real = [ProcessKey(gpu: 0, pid: 7), ProcessKey(gpu: 1, pid: 8)]
          #expect(keys == real, "\(form) \(name)")
          #expect(table.processes?.allSatisfy { $0.type == "C" && $0.instance == nil } == true)
        }
      }
    }
  }

  @Test(arguments: FakeTable.Form.allCases) func `no name passes for the header or the end of the table`(
    _ form: FakeTable.Form
  ) {
    for line in [
      "|  GPU PID Type Process name Usage", "+------+", "|  No running processes found", "| GPU  GI  CI  MIG |",
    ] {
      for name in ["\n" + line, line, "a\n" + line + "\nb"] {
        let table = table(form, FakeProcess(pid: 7, name: name), FakeProcess(pid: 8))
        #expect(table.processes?.last?.pid == 8 && table.instances == nil)
        #expect(table.processes?.last?.name == "/usr/bin/python3")
      }
    }
  }

  /// Wherever a driver prints something wider than its column, the row is not read as another one.
  @Test(arguments: [FakeTable.Form.wide, .narrow]) func `a row that is shifted has no other type`(
    _ form: FakeTable.Form
  ) {
    for (type, shifts) in [("C+G", 1...2), ("M+C", 1...2)] {
      for shift in shifts {
        let row = FakeTable.row(FakeProcess(pid: 7, type: type), form)
        let shifted = row.replacing("   N/A", with: "   N/A" + String(repeating: " ", count: shift))
        let table = SMITable(octets(FakeTable.header(form) + shifted))
        #expect(table.processes?.isEmpty == true && table.malformedProcesses == 1, "\(type) \(shift)")
      }
    }
  }
}
