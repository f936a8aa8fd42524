extension Placement {
  /// Judges what the table shows beside the processes of the list, and measures the memory that nobody holds.
  ///
  /// A GPU of which the list does not have all processes gets no figure.
  mutating func judgeRest() {
    var held: [Int: [UInt64?]] = [:]
    for (key, bytes) in memory { held[key.gpu, default: []].append(bytes) }
    var rest = table[...]
    while let key = rest.first?.key {
      let rows = rest.prefix { $0.key == key }
      rest = rest[rows.endIndex...]
      if memory[key] != nil { continue }
      held[key.gpu, default: []] += rows.map(\.memoryBytes)
      judgeUnlisted(rows.map(\.type) + (pmon?.rows[key].map { [$0.type] } ?? []), key)
    }
    for (key, row) in pmon?.rows ?? [:] where memory[key] == nil && rows(of: key).isEmpty {
      judgeUnlisted([row.type], key)
    }
    guard hasTable else { return }
    for index in inventory.gpus.indices where inventory.gpus[index].isReadable {
      let gpu = inventory.gpus[index]
      if !gpu.doubts.isDisjoint(with: [.unreadRow, .unlistableProcess, .noProcessList]) { continue }
      inventory.gpus[index].memoryUnattributedBytes = unattributed(gpu.memoryUsedBytes, held[gpu.index] ?? [])
    }
  }

  /// Notes what a process that the list does not have says of its GPU. It may have started or ended in between.
  private mutating func judgeUnlisted(_ types: [String?], _ key: ProcessKey) {
    guard let index = inventory.gpus.firstIndex(where: { $0.index == key.gpu }), inventory.gpus[index].isReadable
    else {
      return
    }
    if types.allSatisfy({ $0 == "G" }) {
      if (pmon?.rows[key]?.utilization.sm ?? 0) > 0 { inventory.gpus[index].doubts.insert(.graphicsWork) }
    } else {
      problems.add(.processUnlisted)
      inventory.gpus[index].doubts.insert(.unlistedProcess)
    }
  }

  /// Notes of which GPUs the process list does not have all processes.
  mutating func judgeRows(of list: ProcessList) {
    for uuid in list.malformedRows { doubt(.unreadRow, ofDevice: uuid) }
    for uuid in list.unsupportedGPUs { doubt(.unlistableProcess, ofDevice: uuid) }
    for index in unreadRows { inventory.gpus.doubt(.unreadRow) { $0.index == index } }
    let listed = Set(memory.keys.map(\.gpu)).union(pmon?.coveredGPUs ?? [])
    inventory.gpus.doubt(.noProcessList) { $0.isIntegrated && !listed.contains($0.index) }
  }

  /// Notes what speaks against calling the GPU of a row idle.
  ///
  /// A row without a whole UUID may be any GPU's, one of an instance that is not known any GPU's with MIG on. A whole UUID of a
  /// GPU that is not listed is nobody's here.
  mutating func doubt(_ doubt: GPU.Doubts, ofDevice uuid: String) {
    if let gpu = gpu(ofDevice: uuid) {
      inventory.gpus.doubt(doubt) { $0.index == gpu.index }
    } else if uuid.hasPrefix("MIG-") {
      inventory.gpus.doubt(doubt) { $0.migMode == .enabled }
    } else if !isGPUUUID(uuid) || uuid.utf8.count < 36 {
      inventory.gpus.doubt(doubt) { _ in true }
    }
  }
}

extension [GPU] {
  fileprivate mutating func doubt(_ doubt: GPU.Doubts, where isMeant: (GPU) -> Bool) {
    for index in indices where isMeant(self[index]) { self[index].doubts.insert(doubt) }
  }
}

/// The memory in use that none of the holders holds, never below 0; `nil` if a figure is missing.
package func unattributed(_ used: UInt64?, _ held: [UInt64?]) -> UInt64? {
  guard var rest = used else { return nil }
  for bytes in held {
    guard let bytes else { return nil }
    rest -= min(rest, bytes)
  }
  return rest
}
