/// One process on one device, before it is known whose it is.
struct DeviceProcess {
  var device: Device
  /// The UUID of the GPU or of the MIG instance; `nil` if it is not known.
  var deviceUUID: String?
  var deviceMemoryBytes: UInt64?
  var pid: Int32
  /// Device memory that the process holds; `nil` if nvidia-smi prints no figure.
  var memoryBytes: UInt64?
  /// The name that nvidia-smi prints, raw; `nil` if it prints none.
  var name: [UInt8]?
  /// `C`, `C+G`, `M+C`; `nil` if it is not known.
  var type: String?
  var utilization = ProcessUtilization()
  /// `false` if a second list of nvidia-smi covers the GPU and does not have the process: a process name with a line feed
  /// may have forged the row.
  var isConfirmed: Bool
}

/// The processes of a run, each once.
struct ProcessTable {
  /// All processes by device, then PID.
  private(set) var sorted: [DeviceProcess] = []

  /// Adds processes and returns how many of the rows contradict an earlier one.
  ///
  /// Pure graphics processes (type `G`) are not added. Of two rows for one process the larger memory counts.
  mutating func add(_ processes: [DeviceProcess]) -> Int {
    let rows = sorted + processes
    // `sorted` does not promise to keep the order of equal rows, so their indices decide.
    let order = rows.indices.filter { rows[$0].type != "G" }.sorted {
      rows[$0].precedes(rows[$1].device, rows[$1].pid)
        || $0 < $1 && !rows[$1].precedes(rows[$0].device, rows[$0].pid)
    }
    sorted = []
    sorted.reserveCapacity(order.count)
    var contradictions = 0
    for index in order where merge(rows[index]) { contradictions += 1 }
    return contradictions
  }

  /// Adds a row that does not precede any other and returns whether it contradicts the last one.
  private mutating func merge(_ row: DeviceProcess) -> Bool {
    guard let last = sorted.indices.last, sorted[last].device == row.device, sorted[last].pid == row.pid else {
      sorted.append(row)
      return false
    }
    if sorted[last].memoryBytes == row.memoryBytes, sorted[last].name == row.name { return false }
    sorted[last].memoryBytes = [sorted[last].memoryBytes, row.memoryBytes].compactMap(\.self).max()
    return true
  }

  /// Whether the process is in the table.
  func contains(_ pid: Int32, on device: Device) -> Bool {
    var (start, end) = (0, sorted.count)
    while start < end {
      let middle = (start + end) / 2
      if sorted[middle].precedes(device, pid) { start = middle + 1 } else { end = middle }
    }
    return start < sorted.count && sorted[start].device == device && sorted[start].pid == pid
  }
}

extension DeviceProcess {
  /// Whether the process comes before this one by device, then PID.
  fileprivate func precedes(_ otherDevice: Device, _ otherPID: Int32) -> Bool {
    device == otherDevice ? pid < otherPID : device < otherDevice
  }
}
