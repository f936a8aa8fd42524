/// The GPU list: `nvidia-smi --query-gpu=… --format=csv`.
package struct GPUList {
  /// The fields asked for.
  ///
  /// A driver that does not know one of them answers nothing; it is then asked once more without it.
  package static let fields =
    [
      "index", "uuid", "pci.bus_id", "name", "driver_version", "utilization.gpu", "memory.total", "memory.used",
      "temperature.gpu", "power.draw", "power.limit", "compute_mode",
    ] + newerFields.flatMap(\.self)
  /// The fields that not every driver knows (418 is the oldest one seen), in groups from old to new.
  ///
  /// Drivers know those of the first group from 450 on and `clocks_event_reasons` from 535 on; `gpu_recovery_action` is
  /// in every recording of 590 to 610.
  package static let newerFields = [
    ["mig.mode.current", "mig.mode.pending"], ["clocks_event_reasons.gpu_idle"], ["gpu_recovery_action"],
  ]
  /// The fields without which there is no list.
  package static let requiredFields = ["index", "uuid"]

  /// The GPUs with a row, sorted by index; no index and no UUID occurs twice.
  package var gpus: [GPU] = []
  /// Number of rows without an index or a UUID, or with one that an earlier row has.
  package private(set) var malformedRows = 0
  /// GPUs that diagnostics name and that have no row.
  package private(set) var lostGPUs: [LostGPU] = []

  /// Reads one output; `nil` if it has no header, which means that nothing was listed.
  ///
  /// `complaints` are the diagnostics of both streams; those about lost GPUs count.
  package init?(_ output: [UInt8], complaints: [SMIDiagnostic]) {
    guard var table = CSVTable(output, required: GPUList.requiredFields) else { return nil }
    while let row = table.next() { add(row) }
    malformedRows += table.malformedLines.count
    gpus.sort { $0.index < $1.index }
    for case .lostGPU(let lost) in complaints { add(lost) }
    for lost in lostGPUs { markLost(lost) }
  }

  private mutating func add(_ row: CSVTable.Row) {
    let uuid = row["uuid"].text
    // A GPU that requires a reset has a row without a UUID.
    guard let index = row["index"].integer, uuid.isEmpty || isGPUUUID(uuid),
      !gpus.contains(where: { $0.index == index || (!uuid.isEmpty && $0.uuid == uuid) })
    else {
      malformedRows += 1
      return
    }
    gpus.append(GPU(row, index: index, uuid: uuid))
  }

  /// Adds a lost GPU once, however many diagnostics name it; the index comes from whichever of them has it.
  private mutating func add(_ lost: LostGPU) {
    guard let position = lostGPUs.firstIndex(where: { $0.isSame(as: lost) }) else { return lostGPUs.append(lost) }
    lostGPUs[position].index = lostGPUs[position].index ?? lost.index
  }

  /// Marks the row of a lost GPU; one without a row stays in ``lostGPUs``.
  private mutating func markLost(_ lost: LostGPU) {
    guard let position = gpus.firstIndex(where: { lost.isSame(as: $0) }) else { return }
    gpus[position].unreadableReason = .lost
    gpus[position].complaint = lost.complaint ?? gpus[position].complaint
    lostGPUs.removeAll { $0 == lost }
  }
}

extension GPU.MIGMode {
  /// Reads the field; without it the driver knows no MIG.
  ///
  /// Only `Disabled`, and `[N/A]` on a product without MIG, say that the whole GPU is one device.
  fileprivate init(_ field: SMIValue?, product: String) {
    guard let field else {
      self = .unsupported
      return
    }
    switch (field.text, field.absence) {
    case ("Enabled", _): self = .enabled
    case ("Disabled", _): self = .disabled
    case (_, .notAvailable): self = computeSlices(ofProduct: product) == nil ? .unsupported : .notReported
    default: self = .unknown
    }
  }
}

extension GPU {
  fileprivate init(_ row: CSVTable.Row, index: Int, uuid: String) {
    self.init(
      index: index, uuid: uuid, busID: row["pci.bus_id"].text, name: row["name"].text,
      driverVersion: GPU.version(row["driver_version"]),
      migMode: MIGMode(row.value(in: "mig.mode.current"), product: row["name"].text),
      utilization: row["utilization.gpu"].percent,
      memoryTotalBytes: row["memory.total"].mebibytes, memoryUsedBytes: row["memory.used"].mebibytes,
      temperatureCelsius: row["temperature.gpu"].number(unit: "C"),
      powerWatts: row["power.draw"].number(unit: "W"),
      powerLimitWatts: row["power.limit"].number(unit: "W"), computeMode: row["compute_mode"].known,
      recoveryAction: row["gpu_recovery_action"].known,
      areClocksIdle: GPU.isActive(row["clocks_event_reasons.gpu_idle"]),
      isMIGModePending: GPU.isPending(row["mig.mode.current"].text, row["mig.mode.pending"].text))
    unreadableReason = GPU.unreadableReason(row, uuid)
    complaint = unreadableReason.flatMap { GPU.phrase(of: $0, in: row) }
  }

  /// Reads `Active` and `Not Active`; `nil` for all other values.
  private static func isActive(_ value: SMIValue) -> Bool? {
    switch value.text {
    case "Active": true
    case "Not Active": false
    default: nil
    }
  }

  /// Whether both MIG modes are told, and differ.
  private static func isPending(_ current: String, _ pending: String) -> Bool {
    ["Enabled Disabled", "Disabled Enabled"].contains(current + " " + pending)
  }

  /// The phrase in place of a value that says why the GPU could not be read.
  private static func phrase(of reason: UnreadableReason, in row: CSVTable.Row) -> String? {
    let absence: SMIValue.Absence =
      switch reason {
      case .lost: .lostGPU
      case .forbidden: .insufficientPermissions
      case .instances, .unknown: .unknownError
      }
    return row.values.first { $0.absence == absence }?.raw.quotation
  }

  private static func unreadableReason(_ row: CSVTable.Row, _ uuid: String) -> UnreadableReason? {
    let memory = [row["memory.total"].absence, row["memory.used"].absence]
    if row.values.contains(where: { $0.absence == .lostGPU }) { return .lost }
    if memory.contains(.insufficientPermissions) { return .forbidden }
    return uuid.isEmpty || memory.contains(.unknownError) ? .unknown : nil
  }

  /// Returns the version up to the first space: 610 adds a note in some places, `610.57.04 [Deprecated; will be …]`.
  private static func version(_ value: SMIValue) -> String {
    value.value?.prefix { $0 != UInt8(ascii: " ") }.text ?? ""
  }
}
