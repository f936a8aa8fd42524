/// One sample of `nvidia-smi pmon -c 1 -s um`: type and utilization per process.
///
/// Columns and their order vary between drivers (before 535, 550 to 610) and the two header lines may repeat
/// between rows: they are mapped by name each time.
package struct Pmon {
  /// By GPU index and PID.
  package private(set) var rows: [Key: Row] = [:]
  /// GPU indexes that have a row, be it the idle one (`0 - - …`).
  package private(set) var coveredGPUs: Set<Int> = []
  package private(set) var malformedRows = 0
  /// Rows that contradict another one of the same process on the same GPU.
  package private(set) var duplicateRows = 0
  /// Whether there is a column `fb` throughout.
  package private(set) var hasMemory = true

  package struct Key: Hashable {
    package var gpu: Int
    package var pid: Int32

    package init(gpu: Int, pid: Int32) {
      self.gpu = gpu
      self.pid = pid
    }
  }

  package struct Row: Equatable {
    /// `C`, `G`, `C+G`, `M+C`, …; `nil` for `-`.
    package var type: String?
    package var utilization: ProcessUtilization
    /// Memory it holds, the column `fb` in MiB; `nil` for `-` or where there is no such column.
    package var memoryBytes: UInt64?
  }

  /// Reads one answer; `nil` if it has no header.
  package init?(_ output: [UInt8]) {
    var columns: [String]?
    for line in output[...].lines() where !line.trimmed.isEmpty && Message(line) == nil {
      if line.first == UInt8(ascii: "#") {
        let names = words(line.dropFirst()).map(\.text)
        guard names.first == "gpu" else { continue }
        columns = names
        hasMemory = hasMemory && names.contains("fb")
      } else if let columns {
        add(words(line), columns)
      }
    }
    if columns == nil { return nil }
  }

  /// Adds the rows of a second answer, for GPUs the first left out.
  package mutating func merge(_ other: Pmon) {
    rows.merge(other.rows) { first, _ in first }
    coveredGPUs.formUnion(other.coveredGPUs)
    malformedRows += other.malformedRows
    duplicateRows += other.duplicateRows
    hasMemory = hasMemory && other.hasMemory
  }

  private mutating func add(_ cells: [ArraySlice<UInt8>], _ columns: [String]) {
    let before = columns.firstIndex(of: "command") ?? columns.count
    guard cells.count >= before, let gpu = cells.first?.decimal.flatMap({ Int(exactly: $0) }) else {
      malformedRows += 1
      return
    }
    func cell(_ name: String) -> Cell? {
      columns.firstIndex(of: name).flatMap { $0 < cells.count ? Cell(cells[$0]) : nil }
    }
    if cell("pid")?.value == nil {
      coveredGPUs.insert(gpu)
    } else if let pid = cell("pid")?.integer.flatMap({ Int32(exactly: $0) }), pid > 0 {
      coveredGPUs.insert(gpu)
      let type = cell("type")?.text ?? ""
      add(
        Row(
          type: type.isEmpty ? nil : type,
          utilization: ProcessUtilization(
            sm: cell("sm")?.percent, memoryBandwidth: cell("mem")?.percent, encoder: cell("enc")?.percent,
            decoder: cell("dec")?.percent), memoryBytes: cell("fb")?.mebibytes), Key(gpu: gpu, pid: pid))
    } else {
      malformedRows += 1
    }
  }

  /// Of two rows that differ one may be forged by a name with a line feed in it: only what they agree on is believed,
  /// or a process could be passed off as a graphics one and lose its session.
  private mutating func add(_ row: Row, _ key: Key) {
    guard let known = rows[key], known != row else {
      rows[key] = row
      return
    }
    func agreed<Value: Equatable>(_ field: KeyPath<Row, Value?>) -> Value? {
      known[keyPath: field] == row[keyPath: field] ? row[keyPath: field] : nil
    }
    duplicateRows += 1
    rows[key] = Row(
      type: agreed(\.type),
      utilization: ProcessUtilization(
        sm: agreed(\.utilization.sm), memoryBandwidth: agreed(\.utilization.memoryBandwidth),
        encoder: agreed(\.utilization.encoder), decoder: agreed(\.utilization.decoder)),
      memoryBytes: agreed(\.memoryBytes))
  }
}

private func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
  line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
}
