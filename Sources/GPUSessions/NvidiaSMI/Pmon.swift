/// One sample of `nvidia-smi pmon -c 1 -s um`: type and utilization per process.
///
/// Columns and their order vary between drivers (before 535, 550 to 610) and the two header lines may repeat
/// between rows: they are mapped by name each time.
package struct Pmon {
  /// By GPU index and PID.
  package private(set) var rows = PmonRows()
  /// GPU indexes that have a row, be it the idle one (`0 - - …`).
  package private(set) var coveredGPUs: Set<Int> = []
  package private(set) var malformedRows = 0
  /// Rows that contradict another one of the same process on the same GPU.
  package private(set) var duplicateRows = 0
  /// Whether there is a column `fb` throughout.
  package private(set) var hasMemory = true

  package struct Key: Equatable, Comparable {
    package var gpu: Int
    package var pid: Int32

    package init(gpu: Int, pid: Int32) {
      self.gpu = gpu
      self.pid = pid
    }

    package static func < (left: Key, right: Key) -> Bool {
      left.gpu != right.gpu ? left.gpu < right.gpu : left.pid < right.pid
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
    var columns: PmonColumns?
    var words = PmonWords()
    for line in output.eachLine where SMIDiagnostic(line) == nil {
      if line.first == UInt8(ascii: "#") {
        words.read(line.dropFirst())
        guard words[0].equals("gpu") else { continue }
        columns = PmonColumns((0..<words.count).map { words[$0].text })
        hasMemory = hasMemory && columns?.memory != nil
      } else if let columns {
        words.read(line)
        if words.count > 0 { add(words, columns) }
      }
    }
    if columns == nil { return nil }
    duplicateRows = rows.settle()
  }

  /// Adds the rows of a second answer, for GPUs the first left out.
  package mutating func merge(_ other: Pmon) {
    rows.addMissing(other.rows)
    coveredGPUs.formUnion(other.coveredGPUs)
    malformedRows += other.malformedRows
    duplicateRows += other.duplicateRows
    hasMemory = hasMemory && other.hasMemory
  }

  private mutating func add(_ words: borrowing PmonWords, _ columns: PmonColumns) {
    guard words.count >= columns.fixedCount, let gpu = words[0].decimal.flatMap({ Int(exactly: $0) }) else {
      malformedRows += 1
      return
    }
    if let pid = words.pid(columns.pid) {
      // Row after row it is the same one.
      if rows.entries.last?.key.gpu != gpu { coveredGPUs.insert(gpu) }
      rows.append(Key(gpu: gpu, pid: pid), Row(words, columns))
    } else if SMIValue(words[columns.pid]).value == nil {
      coveredGPUs.insert(gpu)
    } else {
      malformedRows += 1
    }
  }
}
