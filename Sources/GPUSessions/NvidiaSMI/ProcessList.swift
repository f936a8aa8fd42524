/// The process list of whole GPUs: `nvidia-smi --query-compute-apps=… --format=csv`.
///
/// Under MIG it names only the parent GPU, on every driver seen (580, 590): see ``MIGDocument`` for those.
package struct ProcessList {
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
    guard var table = CSVTable(output, required: ProcessList.requiredFields, freeText: "process_name") else {
      return nil
    }
    let columns = Columns(table)
    var device = ListedDevice()
    var name = ListedName()
    // Shorter than any row.
    processes.reserveCapacity(output.count / 64)
    while table.advance() {
      device.read(table[columns.uuid])
      add(table, columns, device, &name)
    }
    malformedRows += table.malformedRows
  }

  private struct Columns {
    let uuid, pid, memory, name: CSVTable.Column

    init(_ table: CSVTable) {
      uuid = table.column("gpu_uuid")
      pid = table.column("pid")
      memory = table.column("used_gpu_memory")
      name = table.column("process_name")
    }
  }

  private mutating func add(
    _ row: borrowing CSVTable, _ columns: Columns, _ device: ListedDevice, _ name: inout ListedName
  ) {
    guard device.isOne else {
      malformedRows += 1
      return
    }
    let cell = row[columns.pid]
    if let pid = cell.integer.flatMap({ Int32(exactly: $0) }), pid > 0 {
      processes.append(
        ListedProcess(
          gpuUUID: device.uuid, pid: pid, memoryBytes: row[columns.memory].mebibytes,
          name: name.read(row[columns.name])))
    } else if cell.value == nil {
      if !unreadableGPUs.contains(device.uuid) { unreadableGPUs.append(device.uuid) }
      if cell.saysForbidden { forbiddenGPUs.insert(device.uuid) }
    } else {
      malformedRows += 1
    }
  }
}

/// The device that a row names; row after row it is the same one.
private struct ListedDevice {
  private var raw: ArraySlice<UInt8> = []
  private(set) var uuid = ""
  /// Whether that is the UUID of a device.
  private(set) var isOne = false

  mutating func read(_ cell: SMIValue) {
    if cell.raw.isSame(as: raw) { return }
    raw = cell.raw
    uuid = cell.text
    isOne = uuid.hasPrefix("GPU-") || uuid.hasPrefix("MIG-")
  }
}

/// The name that a row gives its process; many have the same, which then is kept once.
private struct ListedName {
  private var raw: ArraySlice<UInt8> = []
  private var name: [UInt8]?

  mutating func read(_ cell: SMIValue) -> [UInt8]? {
    if cell.raw.isSame(as: raw) { return name }
    raw = cell.raw
    name = cell.value.map { [UInt8]($0) }
    return name
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
