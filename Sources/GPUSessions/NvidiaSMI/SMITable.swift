/// The table that `nvidia-smi` prints without arguments (drivers 375 to 610): the MIG devices, then the processes.
///
/// A process chooses its name, which may hold line feeds. A row of processes has as many bytes as the header whatever its
/// name is (580, H200), so that it is cut off by its length. Nothing within a name is as long.
package struct SMITable {
  /// One row of `MIG devices`.
  package struct Instance: Equatable {
    /// nvidia-smi's index of the GPU.
    package var gpu: Int
    package var id: InstanceID
    /// The column `MIG Dev`: the number after `Device` in `nvidia-smi -L`.
    package var deviceIndex: Int
    /// Memory in use of the whole GPU instance.
    package var memoryUsedBytes: UInt64?
    /// Memory of the whole GPU instance.
    package var memoryTotalBytes: UInt64?
  }

  /// One row of `Processes`.
  package struct Process: Equatable {
    /// nvidia-smi's index of the GPU.
    package var gpu: Int
    /// The instance that the process runs on; `nil` on a GPU without MIG.
    package var instance: InstanceID?
    package var pid: Int32
    /// `C`, `G`, `C+G`, `M+C` and so on.
    package var type: String
    /// The name as printed, cut at the front if it is long.
    package var name: ArraySlice<UInt8>
    /// Memory that the process holds; `nil` for `N/A`.
    package var memoryBytes: UInt64?

    package var key: ProcessKey { ProcessKey(gpu: gpu, pid: pid) }
  }

  /// The rows in the order of the table; `nil` if it has no header of MIG devices, as without a GPU that has MIG on.
  package private(set) var instances: [Instance]?
  /// The rows in the order of the table; `nil` if it has no header of processes.
  package private(set) var processes: [Process]?
  /// Number of rows of MIG devices that could not be read, or that an earlier row contradicts.
  package private(set) var malformedInstances = 0
  /// Number of lines below the header of processes that are no row.
  package private(set) var malformedProcesses = 0
  /// Indexes of the GPUs with a row of processes that is as wide as the header and could not be read.
  package private(set) var unreadGPUs: Set<Int> = []

  /// Reads one output, whole or cut short; never fails.
  package init(_ output: [UInt8]) {
    var columns: ProcessColumns?
    var rest = output[...]
    while !rest.isEmpty {
      let line = columns?.record(at: rest).map { rest.removeRecord($0) } ?? rest.removeLine()
      if let columns {
        add(line, columns)
      } else if let header = ProcessColumns(header: line) {
        columns = header
        processes = []
      } else if instances != nil {
        addInstance(line)
      } else if words(cells(line).first ?? []).map(\.text) == ["GPU", "GI", "CI", "MIG"] {
        instances = []
      }
    }
  }

  /// Adds the rows that a second table has of these processes.
  package mutating func add(_ keys: Set<ProcessKey>, from other: SMITable) {
    guard let rows = other.processes else { return }
    processes = (processes ?? []) + rows.filter { keys.contains($0.key) }
  }

  /// Adds the MIG device of a line such as `|  0   11   0   0  |   4210MiB /  9984MiB    | 16      0 |  1   0    1 |`.
  ///
  /// Other lines have no number in their first cell: rules, the second line of the header, and the second line of a row.
  private mutating func addInstance(_ line: ArraySlice<UInt8>) {
    let cells = cells(line)
    guard let first = cells.first, first.contains(where: isDigit) else { return }
    let ids = words(first)
    let numbers = ids.compactMap(\.integer)
    guard ids.count == 4, numbers.count == 4, cells.count > 1, let known = instances,
      !known.contains(where: {
        $0.gpu == numbers[0] && $0.id.gpuInstance == numbers[1] && $0.id.computeInstance == numbers[2]
      })
    else { return malformedInstances += 1 }
    let memory = words(cells[1])
    let hasBoth = memory.count == 3 && memory[1].equals("/")
    instances?.append(
      Instance(
        gpu: numbers[0], id: InstanceID(gpuInstance: numbers[1], computeInstance: numbers[2]),
        deviceIndex: numbers[3], memoryUsedBytes: hasBoth ? SMIValue(memory[0]).mebibytes : nil,
        memoryTotalBytes: hasBoth ? SMIValue(memory[2]).mebibytes : nil))
  }

  private mutating func add(_ line: ArraySlice<UInt8>, _ columns: ProcessColumns) {
    if let process = columns.process(line) {
      processes?.append(process)
    } else if !isFrame(line), SMIDiagnostic(line) == nil {
      malformedProcesses += 1
      if let gpu = columns.gpu(ofRow: line) { unreadGPUs.insert(gpu) }
    }
  }

  /// Whether the line is a rule, blank, the second line of the header, or the sentence that there is no process.
  private func isFrame(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.trimming { isBlank($0) || $0 == UInt8(ascii: "|") }
    return text.allSatisfy { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "=") }
      || text.starts(with: "ID   ID") || text.equals("No running processes found")
  }
}

extension ArraySlice<UInt8> {
  /// Takes away the record at the start, and the line end behind it.
  fileprivate mutating func removeRecord(_ record: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    self = self[record.endIndex...]
    if starts(with: "\r\n") { removeFirst(2) } else if first == UInt8(ascii: "\n") { removeFirst() }
    return record
  }
}

/// Returns what stands between the bars of a line such as `| A | B |`; nothing for a line that does not begin with a bar.
private func cells(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
  line.first == UInt8(ascii: "|") ? Array(line.fields(separatedBy: UInt8(ascii: "|")).dropFirst().dropLast()) : []
}
