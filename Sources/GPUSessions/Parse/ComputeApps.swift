/// The process list of whole GPUs: `nvidia-smi --query-compute-apps=… --format=csv`.
///
/// Under MIG it names only the parent GPU, on every driver seen (580, 590): see ``SMIDocument`` for those.
package struct ComputeApps {
  /// Free text last.
  package static let fields = ["gpu_uuid", "pid", "used_gpu_memory", "process_name"]
  package static let requiredFields = ["gpu_uuid", "pid"]

  package private(set) var processes: [ListedProcess] = []
  /// GPUs whose row says that the list is kept from us: `GPU-…, [Insufficient Permissions], …`.
  package private(set) var unreadableGPUs: [String] = []
  /// Of those, the ones whose row says `[Insufficient Permissions]`.
  package private(set) var forbiddenGPUs: Set<String> = []
  package private(set) var malformedRows = 0

  /// Reads one answer; `nil` if it has no header, which means that no list was given.
  package init?(_ output: [UInt8]) {
    guard
      let table = CSVTable(output, required: ComputeApps.requiredFields, freeText: "process_name")
    else { return nil }
    malformedRows = table.malformedRows
    for row in table.rows { add(row) }
  }

  private mutating func add(_ row: CSVTable.Row) {
    let uuid = row["gpu_uuid"].text
    guard uuid.hasPrefix("GPU-") || uuid.hasPrefix("MIG-") else {
      malformedRows += 1
      return
    }
    if row["pid"].value == nil {
      if !unreadableGPUs.contains(uuid) { unreadableGPUs.append(uuid) }
      if row["pid"].saysForbidden { forbiddenGPUs.insert(uuid) }
    } else if let pid = row["pid"].integer.flatMap({ Int32(exactly: $0) }), pid > 0 {
      processes.append(
        ListedProcess(
          gpuUUID: uuid, pid: pid, memoryBytes: row["used_gpu_memory"].mebibytes,
          name: row["process_name"].value.map { [UInt8]($0) }))
    } else {
      malformedRows += 1
    }
  }
}

/// One process as a list of nvidia-smi names it.
package struct ListedProcess: Sendable, Equatable {
  package var gpuUUID: String
  package var pid: Int32
  package var memoryBytes: UInt64?
  /// As printed, `nil` for a non-value.
  package var name: [UInt8]?
}
