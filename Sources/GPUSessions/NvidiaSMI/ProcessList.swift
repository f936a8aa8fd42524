/// The process list: `nvidia-smi --query-compute-apps=… --format=csv`.
///
/// It decides which sessions there are, and so it is asked for without names: a process chooses its name, and nothing that
/// a process can choose may add or break a row. A process on a MIG instance is listed with the UUID of the parent GPU (580
/// and 590); ``SMITable`` has the instance.
package struct ProcessList {
  /// The fields asked for.
  package static let fields = ["gpu_uuid", "pid", "used_gpu_memory"]
  /// The fields without which there is no list.
  package static let requiredFields = ["gpu_uuid", "pid"]

  /// The processes in the order of the rows, which nvidia-smi does not sort.
  package private(set) var processes: [ListedProcess] = []
  /// UUIDs of the GPUs with a row in place of their processes: `GPU-…, [Insufficient Permissions], …`.
  ///
  /// The reason is `.forbidden` if one of these rows says `[Insufficient Permissions]`, else `.unknown`.
  package private(set) var unreadableGPUs: [String: GPU.UnreadableReason] = [:]
  /// What such a row has in place of a PID, by UUID: `[Insufficient Permissions]`.
  package private(set) var complaints: [String: String] = [:]
  /// UUIDs of the GPUs with a row in place of processes that the GPU or its driver does not list: `GPU-…, [Not Supported], …`
  /// (GeForce, driver 361). The other rows of such a GPU count.
  package private(set) var unsupportedGPUs: [String] = []
  /// The UUID in each row that could not be read; empty in a row without one.
  package private(set) var malformedRows: [String] = []

  /// Whether every row is a process.
  package var isWhole: Bool { malformedRows.isEmpty && unsupportedGPUs.isEmpty && unreadableGPUs.isEmpty }

  /// Reads one output; `nil` if it has no header, which means that no list was given.
  package init?(_ output: [UInt8]) {
    guard var table = CSVTable(output, required: ProcessList.requiredFields) else { return nil }
    var unknownGPUs: [String] = []
    while let row = table.next() { add(row, &unknownGPUs) }
    for uuid in unknownGPUs {
      // One bad row costs itself only. If there is no other, nothing is known of the GPU's processes.
      if processes.contains(where: { $0.gpuUUID == uuid }) {
        malformedRows.append(uuid)
      } else if unreadableGPUs[uuid] == nil {
        unreadableGPUs[uuid] = .unknown
      }
    }
    malformedRows += table.malformedLines.map { line in
      let first = SMIValue(line.fields(separatedBy: UInt8(ascii: ",")).first ?? []).text
      return isGPUUUID(first) ? first : ""
    }
  }

  /// Adds a row; `unknownGPUs` are the UUIDs of those that have an error in place of a process.
  private mutating func add(_ row: CSVTable.Row, _ unknownGPUs: inout [String]) {
    let (device, pid) = (row["gpu_uuid"], row["pid"])
    let number = pid.pid
    // The rows of a GPU stand together, and have one text in common.
    let known = processes.last.flatMap { device.raw.equals($0.gpuUUID) ? $0.gpuUUID : nil }
    let uuid = known ?? device.text
    let isDevice = known != nil || isGPUUUID(uuid) || uuid.hasPrefix("MIG-")
    guard isDevice, number != nil || pid.absence != nil else { return malformedRows.append(isDevice ? uuid : "") }
    if let pid = number {
      processes.append(
        ListedProcess(
          gpuUUID: uuid, pid: pid, memoryBytes: row["used_gpu_memory"].mebibytes))
      return
    }
    if pid.absence == .insufficientPermissions || complaints[uuid] == nil { complaints[uuid] = pid.raw.quotation }
    switch pid.absence {
    case .insufficientPermissions: unreadableGPUs[uuid] = .forbidden
    case .lostGPU, .unknownError: unknownGPUs.append(uuid)
    case .notAvailable, nil: unsupportedGPUs.append(uuid)
    }
  }
}

/// One row of the process list.
package struct ListedProcess: Sendable, Equatable {
  /// UUID of the GPU; on a MIG GPU that of the parent.
  package var gpuUUID: String
  package var pid: Int32
  /// Memory that the process holds on this GPU; `nil` for `[N/A]` and the like.
  package var memoryBytes: UInt64?
}
