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

  private var processes: [Key: DeviceProcess] = [:]

  /// Adds a process and returns whether it contradicts a row that is there already.
  ///
  /// A pure graphics process (type `G`) is not added. Of two rows for one process the larger memory counts.
  mutating func add(_ process: DeviceProcess) -> Bool {
    if process.type == "G" { return false }
    let key = Key(device: process.device, pid: process.pid)
    guard let known = processes[key] else {
      processes[key] = process
      return false
    }
    if known.memoryBytes == process.memoryBytes, known.name == process.name { return false }
    processes[key]?.memoryBytes = [known.memoryBytes, process.memoryBytes].compactMap(\.self).max()
    return true
  }

  /// Whether the process is in the table.
  func contains(_ pid: Int32, on device: Device) -> Bool { processes[Key(device: device, pid: pid)] != nil }

  /// All processes, in no order.
  var all: some Collection<DeviceProcess> { processes.values }

  /// All processes by device, then PID.
  var sorted: [DeviceProcess] {
    let keys = processes.keys.sorted { $0.device == $1.device ? $0.pid < $1.pid : $0.device < $1.device }
    return keys.compactMap { processes[$0] }
  }
}
