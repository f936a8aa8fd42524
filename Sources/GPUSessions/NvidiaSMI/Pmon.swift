/// One sample of `nvidia-smi pmon -c 1 -s um`: type, utilization and memory of each process.
package struct Pmon {
  /// The rows with a process.
  package private(set) var rows: [Key: Row] = [:]
  /// Indexes of the GPUs with a row, which for an idle GPU names no process (`0 - - …`).
  package private(set) var coveredGPUs: Set<Int> = []
  /// Number of rows with too few columns, or without a GPU index or a PID.
  package private(set) var malformedRows = 0
  /// Number of rows that contradict an earlier one of the same process on the same GPU.
  package private(set) var duplicateRows = 0
  /// Whether every header has the column `fb`.
  package private(set) var hasMemory = true

  /// A process on one GPU.
  package struct Key: Hashable {
    /// nvidia-smi's GPU index.
    package var gpu: Int
    package var pid: Int32

    package init(gpu: Int, pid: Int32) {
      self.gpu = gpu
      self.pid = pid
    }
  }

  /// What pmon prints of one process on one GPU.
  package struct Row: Equatable {
    /// `C`, `G`, `C+G`, `M+C` and so on; `nil` for `-`.
    package var type: String?
    package var utilization: ProcessUtilization
    /// Memory that the process holds; `nil` for `-` and without a column `fb`.
    package var memoryBytes: UInt64?
  }

  /// Reads one output; `nil` if it has no header.
  package init?(_ output: [UInt8]) {
    var columns: PmonColumns?
    for line in output.lines() {
      if line.first == UInt8(ascii: "#") {
        // A second header line, `# Idx …`, has the units.
        guard let header = PmonColumns(header: words(line.dropFirst())) else { continue }
        columns = header
        hasMemory = hasMemory && header.hasMemory
      } else if let columns {
        let words = words(line)
        if !words.isEmpty, !add(words, columns), SMIDiagnostic(line) == nil { malformedRows += 1 }
      }
    }
    if columns == nil { return nil }
  }

  /// Adds the rows of a second output for GPUs that the first one left out; rows that are there stay.
  package mutating func merge(_ other: Pmon) {
    rows.merge(other.rows) { own, _ in own }
    coveredGPUs.formUnion(other.coveredGPUs)
    malformedRows += other.malformedRows
    duplicateRows += other.duplicateRows
    hasMemory = hasMemory && other.hasMemory
  }

  /// Adds the row of these words; `false` if they are no row.
  private mutating func add(_ words: [ArraySlice<UInt8>], _ columns: PmonColumns) -> Bool {
    guard words.count >= columns.countBeforeCommand, let gpu = words.first?.integer else { return false }
    let pid = columns.pid(words)
    if let pid = pid.pid {
      add(columns.row(words), Key(gpu: gpu, pid: pid))
    } else if pid.absence == nil {
      return false
    }
    coveredGPUs.insert(gpu)
    return true
  }

  /// Adds a row; of one that differs from an earlier one with this key only what both say is kept.
  ///
  /// A process name with a line feed in it can forge a row. Were that row believed, it could pass a compute process off
  /// as a graphics process, which has no session.
  private mutating func add(_ row: Row, _ key: Key) {
    guard let known = rows[key] else { return rows[key] = row }
    if known == row { return }
    duplicateRows += 1
    rows[key] = known.agreed(with: row)
  }
}

extension Pmon.Row {
  /// Returns the row in which values that differ are `nil`.
  fileprivate func agreed(with other: Pmon.Row) -> Pmon.Row {
    func agreed<Value: Equatable>(_ field: KeyPath<Pmon.Row, Value?>) -> Value? {
      self[keyPath: field] == other[keyPath: field] ? self[keyPath: field] : nil
    }
    return Pmon.Row(
      type: agreed(\.type),
      utilization: ProcessUtilization(
        sm: agreed(\.utilization.sm), memoryBandwidth: agreed(\.utilization.memoryBandwidth),
        encoder: agreed(\.utilization.encoder), decoder: agreed(\.utilization.decoder)),
      memoryBytes: agreed(\.memoryBytes))
  }
}

/// Returns what stands between the blanks of a line.
private func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
  var words: [ArraySlice<UInt8>] = []
  words.reserveCapacity(12)
  let bytes = line.span
  var start = 0
  for offset in 0...bytes.count where offset == bytes.count || isBlank(bytes[offset]) {
    if offset > start { words.append(line[(line.startIndex + start)..<(line.startIndex + offset)]) }
    start = offset + 1
  }
  return words
}
