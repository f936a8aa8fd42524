/// One sample of `nvidia-smi pmon -c 1 -s u`: type and utilization of each process.
///
/// A name with a line feed in it puts lines of its own into the output. They are too short to be read as rows.
package struct Pmon {
  /// The rows with a process.
  package private(set) var rows: [ProcessKey: Row] = [:]
  /// Indexes of the GPUs with a row, which for an idle GPU names no process (`0 - - …`).
  package private(set) var coveredGPUs: Set<Int> = []
  /// Number of lines that are too short for a row, or have no GPU index or no PID.
  package private(set) var malformedRows = 0
  /// Indexes of the GPUs with a line that is long enough for a row and could not be read.
  package private(set) var unreadGPUs: Set<Int> = []
  /// Number of rows that contradict an earlier one of the same process on the same GPU.
  package private(set) var duplicateRows = 0

  /// What pmon prints of one process on one GPU.
  package struct Row: Equatable {
    /// `C`, `G`, `C+G`, `M+C` and so on; `nil` for `-`.
    package var type: String?
    package var utilization: ProcessUtilization
  }

  /// The most bytes that a line within a name can have: pmon cuts names to 15 bytes and pads them to 15.
  ///
  /// Rows have 45 bytes and more before the name (drivers 450 to 610).
  private static let longestLineInName = 2 * 15

  /// Reads one output; `nil` if it has no header.
  package init?(_ output: [UInt8]) {
    var columns: PmonColumns?
    for line in output.lines() {
      if line.first == UInt8(ascii: "#") {
        // The header is repeated after every 44 rows. Only the first one is read, for a name may begin with `#`.
        if columns == nil { columns = PmonColumns(header: words(line.dropFirst())) }
      } else if let columns, !line.trimmed.isEmpty {
        if !add(line, columns), SMIDiagnostic(line) == nil { malformedRows += 1 }
      }
    }
    if columns == nil { return nil }
  }

  /// Adds the rows of a second output for GPUs that the first one left out; rows that are there stay.
  package mutating func merge(_ other: Pmon) {
    rows.merge(other.rows) { own, _ in own }
    coveredGPUs.formUnion(other.coveredGPUs)
    unreadGPUs.formUnion(other.unreadGPUs)
    malformedRows += other.malformedRows
    duplicateRows += other.duplicateRows
  }

  /// Adds the row of a line; `false` if it is none.
  private mutating func add(_ line: ArraySlice<UInt8>, _ columns: PmonColumns) -> Bool {
    guard line.count > Pmon.longestLineInName else { return false }
    let words = words(line)
    guard let gpu = words.first?.integer else { return false }
    let pid = columns.pid(words)
    guard words.count >= columns.countBeforeCommand, pid.pid != nil || pid.absence != nil else {
      unreadGPUs.insert(gpu)
      return false
    }
    if let pid = pid.pid { add(columns.row(words), ProcessKey(gpu: gpu, pid: pid)) }
    coveredGPUs.insert(gpu)
    return true
  }

  /// Adds a row; of one that differs from an earlier one with this key only what both say is kept.
  private mutating func add(_ row: Row, _ key: ProcessKey) {
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
        encoder: agreed(\.utilization.encoder), decoder: agreed(\.utilization.decoder)))
  }
}
