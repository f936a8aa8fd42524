extension Pipeline {
  /// Finds out which devices there are and which process runs on which; processes are sorted by device and PID.
  ///
  /// The answers at hand suffice for whole GPUs. nvidia-smi is asked again only if a GPU has MIG on.
  func placeProcesses(
    _ responses: SMIResponses, _ smi: NvidiaSMI, _ report: inout RunReport
  ) throws(CollectionFailure) -> (Inventory, [DeviceProcess]) {
    var inventory = Inventory(gpus: responses.gpuList.gpus, lostGPUs: responses.gpuList.lostGPUs)
    var table = ProcessTable()
    placeOnWholeGPUs(responses, inventory.gpus, &table, &report.problems)
    measureUnattributed(responses, table, &inventory.gpus)
    try placeOnInstances(responses, smi, &inventory, &table, &report)
    return (inventory, table.sorted)
  }

  /// Places the processes of GPUs without MIG. For MIG GPUs the process list names only the GPU, not the instance.
  private func placeOnWholeGPUs(
    _ responses: SMIResponses, _ gpus: [GPU], _ table: inout ProcessTable, _ problems: inout ProblemCounts
  ) {
    let indexByUUID = Dictionary(gpus.indices.map { (gpus[$0].uuid, $0) }) { first, _ in first }
    for process in responses.processList.processes {
      guard let index = indexByUUID[process.gpuUUID] else {
        problems.add(.processRowUnknownGPU)
        continue
      }
      let gpu = Device(gpu: gpus[index].index)
      guard gpus[index].isReadable, gpus[index].migMode != .enabled else { continue }
      let row = responses.pmon?.rows[.init(gpu: gpu.gpu, pid: process.pid)]
      // pmon shows each process of a GPU that it covers, so one that it lacks is not confirmed.
      let isCovered = responses.pmon?.coveredGPUs.contains(gpu.gpu) ?? false
      let isContradiction = table.add(
        DeviceProcess(
          device: gpu, deviceUUID: gpus[index].uuid, deviceMemoryBytes: gpus[index].memoryTotalBytes,
          pid: process.pid, memoryBytes: process.memoryBytes, name: process.name, type: row?.type,
          utilization: row?.utilization ?? ProcessUtilization(), isConfirmed: row != nil || !isCovered))
      if isContradiction { problems.add(.processRowDuplicate) }
    }
  }

  /// Sets, for each GPU without MIG, how much used memory no listed process holds. Graphics processes count as listed.
  ///
  /// The process list has the figures of compute processes, and pmon's column `fb` those of processes that only pmon
  /// lists. A row that could not be read may belong to any GPU, so then no GPU gets a figure.
  private func measureUnattributed(_ responses: SMIResponses, _ table: ProcessTable, _ gpus: inout [GPU]) {
    guard responses.processList.malformedRows == 0, let pmon = responses.pmon, pmon.malformedRows == 0,
      pmon.hasMemory
    else { return }
    var held: [Int: [UInt64?]] = [:]
    for process in table.all { held[process.device.gpu, default: []].append(process.memoryBytes) }
    for (key, row) in pmon.rows where !table.contains(key.pid, on: Device(gpu: key.gpu)) {
      held[key.gpu, default: []].append(row.memoryBytes)
    }
    for index in gpus.indices where gpus[index].migMode != .enabled {
      let gpu = gpus[index]
      guard gpu.isReadable, pmon.coveredGPUs.contains(gpu.index) else { continue }
      gpus[index].memoryUnattributedBytes = unattributed(gpu.memoryUsedBytes, held[gpu.index] ?? [])
    }
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
