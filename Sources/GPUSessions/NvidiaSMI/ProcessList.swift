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
  /// Number of rows without the UUID of a device or with something else than a PID.
  package private(set) var malformedRows = 0

  /// Reads one output; `nil` if it has no header, which means that no list was given.
  package init?(_ output: [UInt8]) {
    guard var table = CSVTable(output, required: ProcessList.requiredFields) else { return nil }
    while let row = table.next() { add(row) }
    malformedRows += table.malformedRows
  }

  private mutating func add(_ row: CSVTable.Row) {
    let uuid = row["gpu_uuid"].text
    let pid = row["pid"]
    guard uuid.hasPrefix("GPU-") || uuid.hasPrefix("MIG-"), pid.pid != nil || pid.absence != nil else {
      malformedRows += 1
      return
    }
    if let pid = pid.pid {
      processes.append(
        ListedProcess(
          gpuUUID: uuid, pid: pid, memoryBytes: row["used_gpu_memory"].mebibytes))
    } else if pid.absence == .insufficientPermissions {
      unreadableGPUs[uuid] = .forbidden
    } else if unreadableGPUs[uuid] == nil {
      unreadableGPUs[uuid] = .unknown
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
