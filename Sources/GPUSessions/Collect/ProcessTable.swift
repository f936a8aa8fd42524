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

/// The processes of a run by device and PID, each once.
struct ProcessTable {
  private struct Key: Hashable {
    var device: Device
    var pid: Int32
  }

  /// All processes, in the order in which they were added.
  private(set) var all: [DeviceProcess] = []
  /// Where each process is in ``all``.
  private var indices: [Key: Int] = [:]

  /// Adds a process and returns whether it contradicts a row that is there already.
  ///
  /// A pure graphics process (type `G`) is not added. Of two rows for one process the larger memory counts.
  mutating func add(_ process: DeviceProcess) -> Bool {
    if process.type == "G" { return false }
    let key = Key(device: process.device, pid: process.pid)
    guard let index = indices[key] else {
      indices[key] = all.count
      all.append(process)
      return false
    }
    if all[index].memoryBytes == process.memoryBytes, all[index].name == process.name { return false }
    all[index].memoryBytes = [all[index].memoryBytes, process.memoryBytes].compactMap(\.self).max()
    return true
  }

  /// Whether the process is in the table.
  func contains(_ pid: Int32, on device: Device) -> Bool { indices[Key(device: device, pid: pid)] != nil }

  /// All processes by device, then PID.
  var sorted: [DeviceProcess] {
    all.indices.sorted {
      let (left, right) = ($0, $1)
      return all[left].device == all[right].device
        ? all[left].pid < all[right].pid : all[left].device < all[right].device
    }.map { all[$0] }
  }
}
