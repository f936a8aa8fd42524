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
    // Rows of all columns are somewhat longer.
    rows.reserveCapacity(output.count / 80)
    var columns: Columns?
    var words = Words()
    for line in output.eachLine where Message(line) == nil {
      if line.first == UInt8(ascii: "#") {
        words.read(line.dropFirst())
        guard words[0].equals("gpu") else { continue }
        columns = Columns((0..<words.count).map { words[$0].text })
        hasMemory = hasMemory && columns?.memory != nil
      } else if let columns {
        words.read(line)
        if words.count > 0 { add(words, columns) }
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

  private mutating func add(_ words: borrowing Words, _ columns: Columns) {
    guard words.count >= columns.fixedCount, let gpu = words[0].decimal.flatMap({ Int(exactly: $0) }) else {
      malformedRows += 1
      return
    }
    let process = Cell(words[columns.pid])
    if process.value == nil {
      coveredGPUs.insert(gpu)
    } else if let pid = process.integer.flatMap({ Int32(exactly: $0) }), pid > 0 {
      coveredGPUs.insert(gpu)
      add(Row(words, columns), Key(gpu: gpu, pid: pid))
    } else {
      malformedRows += 1
    }
  }

  /// Of two rows that differ one may be forged by a name with a line feed in it: only what they agree on is believed,
  /// or a process could be passed off as a graphics one and lose its session.
  private mutating func add(_ row: Row, _ key: Key) {
    guard let known = rows.updateValue(row, forKey: key), known != row else { return }
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

extension Pmon.Row {
  fileprivate init(_ words: borrowing Words, _ columns: Columns) {
    let type = Cell(words[columns.type]).text
    self.init(
      type: type.isEmpty ? nil : type,
      utilization: ProcessUtilization(
        sm: Cell(words[columns.sm]).percent, memoryBandwidth: Cell(words[columns.bandwidth]).percent,
        encoder: Cell(words[columns.encoder]).percent, decoder: Cell(words[columns.decoder]).percent),
      memoryBytes: Cell(words[columns.memory]).mebibytes)
  }
}

/// Where the columns of a header stand; `nil` for one that is not there.
private struct Columns {
  let pid, type, sm, bandwidth, encoder, decoder, memory: Int?
  /// Columns before the command, which may be of several words or none.
  let fixedCount: Int

  init(_ names: [String]) {
    pid = names.firstIndex(of: "pid")
    type = names.firstIndex(of: "type")
    sm = names.firstIndex(of: "sm")
    bandwidth = names.firstIndex(of: "mem")
    encoder = names.firstIndex(of: "enc")
    decoder = names.firstIndex(of: "dec")
    memory = names.firstIndex(of: "fb")
    fixedCount = names.firstIndex(of: "command") ?? names.count
  }
}

/// What stands between the blanks of a line.
private struct Words {
  private var line: ArraySlice<UInt8> = []
  private var ranges: [Range<Int>] = []

  var count: Int { ranges.count }

  /// The word with this index; empty where there is none.
  subscript(index: Int?) -> ArraySlice<UInt8> {
    guard let index, index < ranges.count else { return [] }
    return line[ranges[index]]
  }

  mutating func read(_ line: ArraySlice<UInt8>) {
    self.line = line
    ranges.removeAll(keepingCapacity: true)
    let bytes = line.span
    var start = 0
    for offset in bytes.indices where isBlank(bytes[offset]) {
      append(start..<offset)
      start = offset + 1
    }
    append(start..<bytes.count)
  }

  private mutating func append(_ offsets: Range<Int>) {
    if offsets.isEmpty { return }
    ranges.append((line.startIndex + offsets.lowerBound)..<(line.startIndex + offsets.upperBound))
  }
}
