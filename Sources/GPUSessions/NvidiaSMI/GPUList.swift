/// The GPU list: `nvidia-smi --query-gpu=… --format=csv`.
package struct GPUList {
  /// Asked for; a driver that does not know one of them answers nothing at all, so all but the first four may go.
  package static let fields = [
    "index", "uuid", "pci.bus_id", "name", "driver_version", "mig.mode.current", "utilization.gpu",
    "memory.total", "memory.used", "temperature.gpu", "power.draw", "power.limit",
  ]
  /// Without these there is no list.
  package static let requiredFields = ["index", "uuid"]

  /// Sorted by index.
  package var gpus: [GPU] = []
  package private(set) var malformedRows = 0
  package private(set) var lostGPUs: [LostGPU] = []

  /// Reads one answer; `nil` if it has no header, which means that nothing was listed.
  package init?(_ output: [UInt8], complaints: [SMIDiagnostic]) {
    guard var table = CSVTable(output, required: GPUList.requiredFields, freeText: "name") else { return nil }
    while table.advance() { add(table) }
    malformedRows += table.malformedRows
    gpus.sort { $0.index < $1.index }
    for case .lostGPU(let lost) in complaints { add(lost) }
    for lost in lostGPUs { markLost(lost) }
  }

  private mutating func add(_ row: CSVTable) {
    let uuid = row["uuid"].text
    guard let index = row["index"].integer, uuid.isEmpty || uuid.hasPrefix("GPU-"),
      !gpus.contains(where: { $0.index == index || (!uuid.isEmpty && $0.uuid == uuid) })
    else {
      malformedRows += 1
      return
    }
    gpus.append(GPU(row, index: index, uuid: uuid))
  }

  /// Several queries and both streams may complain of one GPU; the index counts from whichever names it.
  private mutating func add(_ lost: LostGPU) {
    guard let position = lostGPUs.firstIndex(where: { $0.isSame(as: lost) }) else { return lostGPUs.append(lost) }
    lostGPUs[position].index = lostGPUs[position].index ?? lost.index
  }

  /// A GPU with a row of its own that is complained about too is that GPU, not another one.
  private mutating func markLost(_ lost: LostGPU) {
    guard let position = gpus.firstIndex(where: { lost.isSame(as: $0) }) else { return }
    gpus[position].unreadableReason = .lost
    lostGPUs.removeAll { $0 == lost }
  }
}

extension GPU {
  fileprivate init(_ row: CSVTable, index: Int, uuid: String) {
    self.init(
      index: index, uuid: uuid, busID: row["pci.bus_id"].text, name: row["name"].text,
      driverVersion: GPU.version(row["driver_version"]),
      migMode: MIGMode(rawValue: row["mig.mode.current"].text) ?? .unsupported,
      utilization: row["utilization.gpu"].percent,
      memoryTotalBytes: row["memory.total"].mebibytes, memoryUsedBytes: row["memory.used"].mebibytes,
      temperatureCelsius: row["temperature.gpu"].number(unit: "C"),
      powerWatts: row["power.draw"].number(unit: "W"),
      powerLimitWatts: row["power.limit"].number(unit: "W"))
    unreadableReason = GPU.unreadableReason(row, uuid)
  }

  private static func unreadableReason(_ row: CSVTable, _ uuid: String) -> UnreadableReason? {
    let memory = [row["memory.total"], row["memory.used"]]
    if row.all.contains(where: \.saysLost) { return .lost }
    if memory.contains(where: \.saysForbidden) { return .forbidden }
    return uuid.isEmpty || memory.contains(where: \.saysUnknownOrForbidden) ? .unknown : nil
  }

  /// 610 prints `610.57.04 [Deprecated; will be removed …]` in some places: the version ends at the first blank.
  private static func version(_ cell: SMIValue) -> String {
    cell.value?.fields(separatedBy: UInt8(ascii: " "), maxSplits: 1).first?.text ?? ""
  }
}

extension LostGPU {
  /// Compared by bus ID; by index only where one of the two has none.
  package func isSame(as gpu: GPU) -> Bool {
    busID.isEmpty || gpu.busID.isEmpty ? index == gpu.index : busID == LostGPU.longBusID(gpu.busID)
  }

  /// Whether two complaints are about one GPU.
  fileprivate func isSame(as other: LostGPU) -> Bool {
    busID.isEmpty || other.busID.isEmpty ? index == other.index : busID == other.busID
  }
}
