extension Pipeline {
  /// Finds the MIG instances and the processes on them. Nothing is asked if no GPU has MIG on.
  ///
  /// `-L` tells UUIDs and profiles; `-q -x` tells instance IDs, memory and processes. Both number the instances of a GPU
  /// alike (nvidia-smi's "MIG Dev"), and by that number they are joined.
  func placeOnInstances(
    _ responses: SMIResponses, _ smi: NvidiaSMI, _ inventory: inout Inventory, _ table: inout ProcessTable,
    _ report: inout RunReport
  ) throws(CollectionFailure) {
    let migGPUs = inventory.gpus.filter { $0.migMode == .enabled }
    if migGPUs.isEmpty { return }
    let start = host.now()
    let outcomes = try smi.ask([.list, .document])
    let list = InstanceList(finished(outcomes[0]))
    var document = MIGDocument(finished(outcomes[1]))
    // A process that started between the two answers is in the process list only: ask once more.
    if hasUnplaced(document, responses, migGPUs), case .exited = outcomes[1].end {
      let again = MIGDocument(finished(try smi.ask([.document])[0]))
      if hasSameLayout(document, again, migGPUs) { document = again }
    }
    for index in inventory.gpus.indices where inventory.gpus[index].migMode == .enabled {
      place(document, list, responses, onGPUAt: index, of: &inventory, &table, &report.problems)
    }
    inventory.instances.sort { $0.device < $1.device }
    let isReadable = inventory.gpus.allSatisfy { $0.migMode != .enabled || $0.isReadable }
    finish(.mig, isReadable && report.problems[.migLayoutChanged] == 0, since: start, in: &report)
  }

  /// Adds the instances of one GPU and the processes on them, or the reason why they cannot be read.
  private func place(
    _ document: MIGDocument, _ list: InstanceList, _ responses: SMIResponses, onGPUAt index: Int,
    of inventory: inout Inventory, _ table: inout ProcessTable, _ problems: inout ProblemCounts
  ) {
    let gpu = inventory.gpus[index]
    guard gpu.isReadable else { return }
    let entry = document.gpu(uuid: gpu.uuid)
    guard let entry, entry.isMIGEnabled, entry.unreadableReason == nil else {
      inventory.gpus[index].unreadableReason = entry?.unreadableReason ?? .instances
      return
    }
    let instances = join(entry, with: list, gpu, &problems)
    inventory.instances += instances
    let listed = responses.listedPIDs(onGPU: gpu.uuid)
    inventory.gpus[index].memoryUnattributedBytes = unattributedMemory(of: gpu, entry, listed: listed)
    place(entry, on: instances, gpu, responses.pmon, listed, &table, &problems)
  }

  /// The instances of one GPU. They have no UUID and no profile if `-L` and `-q -x` list different instances.
  private func join(
    _ entry: MIGDocument.GPU, with list: InstanceList, _ gpu: GPU, _ problems: inout ProblemCounts
  ) -> [MIGInstance] {
    let instances = entry.instances.sorted { $0.deviceIndex < $1.deviceIndex }
    let listed = list.entries(ofGPU: gpu.uuid)
    let isSame =
      listed.map(\.deviceIndex) == instances.map(\.deviceIndex)
      && instances.map(\.deviceIndex) == Array(instances.indices)
      && zip(listed, instances).allSatisfy { $0.instance == nil || $0.instance == $1.id }
    if !isSame { problems.add(.migLayoutChanged) }
    if !instances.isEmpty, computeSlices(ofProduct: gpu.name) == nil { problems.add(.migSlicesUnknown) }
    return instances.enumerated().map { position, instance in
      let named = isSame ? listed[position] : nil
      if isSame, named?.profile == nil { problems.add(.migProfileUnknown) }
      return MIGInstance(
        device: Device(gpu: gpu.index, instance: instance.id), gpuUUID: gpu.uuid,
        gpuInstanceID: instance.id.gpuInstance, computeInstanceID: instance.id.computeInstance,
        deviceIndex: instance.deviceIndex, uuid: named?.uuid, profile: named?.profile,
        memoryTotalBytes: instance.memoryTotalBytes, memoryUsedBytes: instance.memoryUsedBytes)
    }
  }

  /// Adds the processes of one MIG GPU. Those on no instance that exists are counted.
  private func place(
    _ entry: MIGDocument.GPU, on instances: [MIGInstance], _ gpu: GPU, _ pmon: Pmon?, _ listed: Set<Int32>,
    _ table: inout ProcessTable, _ problems: inout ProblemCounts
  ) {
    problems.add(.processRowMalformed, entry.malformedRows)
    var placed: [DeviceProcess] = []
    for process in entry.processes where process.type != "G" {
      let row = pmon?.rows[.init(gpu: gpu.index, pid: process.pid)]
      guard let id = process.instance, let instance = instances.first(where: { $0.device.instance == id }) else {
        problems.add(.migUnplaced)
        continue
      }
      placed.append(
        DeviceProcess(
          device: instance.device, deviceUUID: instance.uuid, deviceMemoryBytes: instance.memoryTotalBytes,
          pid: process.pid, memoryBytes: process.memoryBytes, name: process.name, type: process.type ?? row?.type,
          isConfirmed: row != nil || listed.contains(process.pid)))
    }
    problems.add(.processRowDuplicate, table.add(placed))
    problems.add(.migUnplaced, listed.subtracting(entry.processes.map(\.pid)).count)
  }

  /// Whether the process list has a process on a MIG GPU that the document does not have.
  private func hasUnplaced(_ document: MIGDocument, _ responses: SMIResponses, _ migGPUs: [GPU]) -> Bool {
    migGPUs.contains { gpu in
      guard gpu.isReadable, let entry = document.gpu(uuid: gpu.uuid) else { return false }
      return !responses.listedPIDs(onGPU: gpu.uuid).isSubset(of: entry.processes.map(\.pid))
    }
  }

  private func hasSameLayout(_ first: MIGDocument, _ second: MIGDocument, _ migGPUs: [GPU]) -> Bool {
    migGPUs.allSatisfy { gpu in
      let ids = second.gpu(uuid: gpu.uuid)?.instances.map(\.id)
      return ids != nil && first.gpu(uuid: gpu.uuid)?.instances.map(\.id) == ids
    }
  }
}

/// The memory of a MIG GPU that no listed process holds.
///
/// The document lists processes of all types on all instances, one process perhaps once per type. Returns `nil` if one of
/// them has no figure, or if the process list has a process that the document does not have.
package func unattributedMemory(of gpu: GPU, _ entry: MIGDocument.GPU, listed: Set<Int32>) -> UInt64? {
  struct Holder: Hashable {
    var instance: InstanceID?
    var pid: Int32
  }
  guard entry.malformedRows == 0, listed.isSubset(of: entry.processes.map(\.pid)) else { return nil }
  let held = Dictionary(grouping: entry.processes) { Holder(instance: $0.instance, pid: $0.pid) }
  return unattributed(
    gpu.memoryUsedBytes,
    held.values.map { rows in
      rows.contains { $0.memoryBytes == nil } ? nil : rows.compactMap(\.memoryBytes).max()
    })
}
