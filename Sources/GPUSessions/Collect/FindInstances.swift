extension Pipeline {
  /// Finds the MIG instances. Nothing is asked if no GPU has MIG on, or may have.
  ///
  /// The table tells instance IDs and memory, `-L` tells UUIDs and profiles. Both number the instances of a GPU alike
  /// (nvidia-smi's "MIG Dev"), and by that number they are joined.
  func findInstances(
    _ responses: inout SMIResponses, _ smi: NvidiaSMI, _ inventory: inout Inventory, _ report: inout RunReport
  ) throws(CollectionFailure) {
    // nvidia-smi's table has a part for MIG devices as soon as one GPU has MIG on (drivers 450 to 610).
    if responses.table.processes != nil, responses.table.instances == nil {
      for index in inventory.gpus.indices where inventory.gpus[index].migMode == .notReported {
        inventory.gpus[index].migMode = .unsupported
      }
    }
    doubtModes(of: &inventory, with: responses.table)
    let migGPUs = inventory.gpus.filter { $0.migMode == .enabled || $0.isReadable && $0.mayHaveMIG }
    if migGPUs.isEmpty { return }
    let start = host.now()
    // A process that started between the two answers is in the process list only: the table is asked for once more.
    let missing = responses.processesOutsideTable(on: migGPUs)
    let further = (missing.isEmpty ? [] : [.table]) + migUtilizationQuery(responses.table)
    let outcomes = try smi.ask([.list] + further)
    let list = InstanceList(finished(outcomes[0]))
    if let position = further.firstIndex(of: .table) {
      let again = SMITable(finished(outcomes[1 + position]))
      if again.instances == responses.table.instances { responses.table.add(missing, from: again) }
    }
    settleModes(of: &inventory, by: list, responses.table, &report.problems)
    for index in inventory.gpus.indices
    where inventory.gpus[index].migMode == .enabled && inventory.gpus[index].isReadable {
      if let rows = responses.table.instances, responses.table.malformedInstances == 0 {
        inventory.instances += join(rows, with: list, inventory.gpus[index], &report.problems)
      } else {
        inventory.gpus[index].unreadableReason = .instances
        inventory.gpus[index].complaint = responses.tableComplaint
      }
    }
    inventory.instances.sort { $0.device < $1.device }
    let utilization = further.firstIndex(of: .migUtilization).map { outcomes[1 + $0] }
    addMIGUtilization(utilization, to: &inventory, &report)
    let asked = Set(migGPUs.map(\.index))
    let isReadable = inventory.gpus.allSatisfy { $0.isReadable || !asked.contains($0.index) }
    finish(.mig, isReadable && report.problems[.migLayoutChanged] == 0, since: start, in: &report)
  }

  /// Takes the mode of GPUs for unknown of which the table shows instances and the GPU list says that MIG is off.
  private func doubtModes(of inventory: inout Inventory, with table: SMITable) {
    let withInstances = Set((table.instances ?? []).map(\.gpu))
    for index in inventory.gpus.indices where withInstances.contains(inventory.gpus[index].index) {
      if inventory.gpus[index].migMode != .enabled { inventory.gpus[index].migMode = .unknown }
    }
  }

  /// Finds out by `-L` and the table whether MIG is on where the GPU list does not tell.
  ///
  /// Instances prove that it is. That `-L` lists none proves only that no process is on one: MIG may be on without an
  /// instance. `[N/A]` and no instance say the same, that the GPU is a whole one.
  private func settleModes(
    of inventory: inout Inventory, by list: InstanceList, _ table: SMITable, _ problems: inout ProblemCounts
  ) {
    for index in inventory.gpus.indices {
      let gpu = inventory.gpus[index]
      guard gpu.isReadable, gpu.migMode == .unknown || gpu.migMode == .notReported else { continue }
      let isListed = list.gpuUUIDs.contains(gpu.uuid)
      if !list.entries(ofGPU: gpu.uuid).isEmpty || table.instances?.contains(where: { $0.gpu == gpu.index }) == true
      {
        inventory.gpus[index].migMode = .enabled
      } else if gpu.migMode == .unknown {
        problems.add(.migModeUnknown)
        inventory.gpus[index].doubts.insert(.migModeUnknown)
        if !isListed { inventory.gpus[index].unreadableReason = .instances }
      } else if !isListed {
        inventory.gpus[index].doubts.insert(.migModeUnknown)
      }
    }
  }

  /// The instances of one GPU. They have no UUID and no profile if `-L` and the table list different instances.
  private func join(
    _ rows: [SMITable.Instance], with list: InstanceList, _ gpu: GPU, _ problems: inout ProblemCounts
  ) -> [MIGInstance] {
    let instances = rows.filter { $0.gpu == gpu.index }.sorted { $0.deviceIndex < $1.deviceIndex }
    let listed = list.entries(ofGPU: gpu.uuid)
    let isSame =
      listed.map(\.deviceIndex) == instances.map(\.deviceIndex)
      && instances.map(\.deviceIndex) == Array(instances.indices)
      && zip(listed, instances).allSatisfy { $0.instance == nil || $0.instance == $1.id }
    if !isSame { problems.add(.migLayoutChanged) }
    if !instances.isEmpty, computeSlices(ofProduct: gpu.name) == nil { problems.add(.migSlicesUnknown) }
    return instances.enumerated().map { position, instance in
      // The compute instances of a GPU instance share its memory.
      let siblings = instances.filter { $0.id.gpuInstance == instance.id.gpuInstance }
      let named = isSame ? listed[position] : nil
      if isSame, named?.profile == nil { problems.add(.migProfileUnknown) }
      return MIGInstance(
        device: Device(gpu: gpu.index, instance: instance.id), gpuUUID: gpu.uuid,
        gpuInstanceID: instance.id.gpuInstance, computeInstanceID: instance.id.computeInstance,
        deviceIndex: instance.deviceIndex, uuid: named?.uuid, profile: named?.profile,
        memoryTotalBytes: siblings.lazy.compactMap(\.memoryTotalBytes).first,
        memoryUsedBytes: siblings.lazy.compactMap(\.memoryUsedBytes).first)
    }
  }
}

extension SMIResponses {
  /// The processes on these GPUs that the process list has and the table does not have.
  fileprivate func processesOutsideTable(on gpus: [GPU]) -> Set<ProcessKey> {
    let indexes = Dictionary(gpus.filter(\.isReadable).map { ($0.uuid, $0.index) }) { first, _ in first }
    let listed = processList.processes.compactMap { process in
      indexes[process.gpuUUID].map { ProcessKey(gpu: $0, pid: process.pid) }
    }
    return Set(listed).subtracting((table.processes ?? []).map(\.key))
  }
}
