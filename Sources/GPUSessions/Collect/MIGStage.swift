extension Collector {
  /// Second wave, only where a GPU has MIG on: which instances there are and which process runs on which.
  ///
  /// `-L` knows UUIDs and profiles, `-q -x` the IDs, the memory and the processes; joined by the device index.
  mutating func placeOnInstances(_ smi: NvidiaSMI, _ answers: SMIResponses, _ processes: inout ProcessTable)
    throws(CollectionFailure)
  {
    guard snapshot.gpus.contains(where: { $0.migMode == .enabled }) else { return }
    let start = host.now()
    let outcomes = try smi.ask([.list, .document])
    let list = InstanceList(finished(outcomes[0]))
    var document = MIGDocument(finished(outcomes[1]))
    if hasUnplaced(document, answers), case .exited = outcomes[1].end {
      let again = MIGDocument(finished(try smi.ask([.document])[0]))
      if hasSameLayout(document, again) { document = again }
    }
    for index in snapshot.gpus.indices where snapshot.gpus[index].isReadable {
      let gpu = snapshot.gpus[index]
      guard gpu.migMode == .enabled else { continue }
      let told = document.gpu(uuid: gpu.uuid)
      guard let seen = told, seen.isMIGEnabled, seen.unreadableReason == nil else {
        snapshot.gpus[index].unreadableReason = told?.unreadableReason ?? .instances
        continue
      }
      let instances = joined(gpu, seen, list)
      snapshot.instances += instances
      let listed = answers.listedPIDs(onGPU: gpu.uuid)
      snapshot.gpus[index].memoryUnattributedBytes = unattributedMemory(of: gpu, seen, listed: listed)
      place(seen, on: instances, gpu, answers, listed, &processes)
    }
    snapshot.instances.sort { $0.device < $1.device }
    let isSuccess = migGPUs.allSatisfy(\.isReadable) && snapshot.problems[.migLayoutChanged] == 0
    finish(.mig, isSuccess, from: start)
  }

  private var migGPUs: [GPU] { snapshot.gpus.filter { $0.migMode == .enabled } }

  private func finished(_ outcome: ChildOutcome) -> [UInt8] {
    if case .exited = outcome.end { outcome.standardOutput } else { [] }
  }

  /// The instances of one GPU; without UUID and profile where the two documents show different layouts.
  private mutating func joined(_ gpu: GPU, _ seen: MIGDocument.GPU, _ list: InstanceList) -> [MIGInstance] {
    let instances = seen.instances.sorted { $0.deviceIndex < $1.deviceIndex }
    let entries = list.entries(ofGPU: gpu.uuid)
    let isSame =
      entries.map(\.deviceIndex) == instances.map(\.deviceIndex)
      && instances.map(\.deviceIndex) == Array(instances.indices)
      && zip(entries, instances).allSatisfy { $0.instance == nil || $0.instance == $1.id }
    if !isSame { snapshot.problems.add(.migLayoutChanged) }
    if !instances.isEmpty, computeSlices(ofProduct: gpu.name) == nil { snapshot.problems.add(.migSlicesUnknown) }
    return instances.enumerated().map { position, instance in
      let entry = isSame ? entries[position] : nil
      if isSame, entry?.profile == nil { snapshot.problems.add(.migProfileUnknown) }
      return MIGInstance(
        device: Device(gpu: gpu.index, instance: instance.id), gpuUUID: gpu.uuid,
        gpuInstanceID: instance.id.gpuInstance, computeInstanceID: instance.id.computeInstance,
        deviceIndex: instance.deviceIndex, uuid: entry?.uuid, profile: entry?.profile,
        memoryTotalBytes: instance.memoryTotalBytes, memoryUsedBytes: instance.memoryUsedBytes)
    }
  }

  /// Places the processes of one MIG GPU; those without an instance that exists are counted.
  private mutating func place(
    _ seen: MIGDocument.GPU, on instances: [MIGInstance], _ gpu: GPU, _ answers: SMIResponses,
    _ listed: Set<Int32>, _ processes: inout ProcessTable
  ) {
    snapshot.problems.add(.processRowMalformed, seen.malformedRows)
    for process in seen.processes where process.type != "G" {
      let row = answers.pmon?.rows[.init(gpu: gpu.index, pid: process.pid)]
      guard let id = process.instance,
        let instance = instances.first(where: { $0.device.instance == id })
      else {
        snapshot.problems.add(.migUnplaced)
        continue
      }
      processes.addOnInstance(
        DeviceProcess(
          device: instance.device, deviceUUID: instance.uuid, deviceMemoryBytes: instance.memoryTotalBytes,
          pid: process.pid, memoryBytes: process.memoryBytes, name: process.name, type: process.type,
          isConfirmed: row != nil || listed.contains(process.pid)), row, &snapshot.problems)
    }
    let placed = Set(seen.processes.map(\.pid))
    snapshot.problems.add(.migUnplaced, listed.subtracting(placed).count)
  }

  /// Whether the CSV has a process on a MIG GPU that the document does not.
  private func hasUnplaced(_ document: MIGDocument, _ answers: SMIResponses) -> Bool {
    migGPUs.contains { gpu in
      guard gpu.isReadable, let seen = document.gpu(uuid: gpu.uuid) else { return false }
      return !answers.listedPIDs(onGPU: gpu.uuid).isSubset(of: seen.processes.map(\.pid))
    }
  }

  private func hasSameLayout(_ first: MIGDocument, _ second: MIGDocument) -> Bool {
    migGPUs.allSatisfy { gpu in
      let ids = second.gpu(uuid: gpu.uuid)?.instances.map(\.id)
      return ids != nil && first.gpu(uuid: gpu.uuid)?.instances.map(\.id) == ids
    }
  }
}
