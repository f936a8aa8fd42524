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
    let uuids = gpus.map(\.uuid)
    var placed: [DeviceProcess] = []
    placed.reserveCapacity(responses.processList.processes.count)
    for process in responses.processList.processes {
      guard let index = uuids.firstIndex(of: process.gpuUUID) else {
        problems.add(.processRowUnknownGPU)
        continue
      }
      guard gpus[index].isReadable, gpus[index].migMode != .enabled else { continue }
      let gpu = gpus[index].index
      let row = responses.pmon?.rows[.init(gpu: gpu, pid: process.pid)]
      // pmon shows each process of a GPU that it covers, so one that it lacks is not confirmed.
      let isCovered = responses.pmon?.coveredGPUs.contains(gpu) ?? false
      placed.append(
        DeviceProcess(
          device: Device(gpu: gpu), deviceUUID: uuids[index], deviceMemoryBytes: gpus[index].memoryTotalBytes,
          pid: process.pid, memoryBytes: process.memoryBytes, name: process.name, type: row?.type,
          utilization: row?.utilization ?? ProcessUtilization(), isConfirmed: row != nil || !isCovered))
    }
    problems.add(.processRowDuplicate, table.add(placed))
  }

  /// Sets, for each GPU without MIG, how much used memory no listed process holds. Graphics processes count as listed.
  ///
  /// The process list has the figures of compute processes, and pmon's column `fb` those of processes that only pmon
  /// lists. A row that could not be read may belong to any GPU, so then no GPU gets a figure.
  private func measureUnattributed(_ responses: SMIResponses, _ table: ProcessTable, _ gpus: inout [GPU]) {
    guard responses.processList.malformedRows == 0, let pmon = responses.pmon, pmon.malformedRows == 0,
      pmon.hasMemory
    else { return }
    let positions = gpus.map(\.index)
    var held = [[UInt64?]](repeating: [], count: gpus.count)
    let processes = table.sorted
    for index in processes.indices {
      guard let position = positions.firstIndex(of: processes[index].device.gpu) else { continue }
      held[position].append(processes[index].memoryBytes)
    }
    for (key, row) in pmon.rows where !table.contains(key.pid, on: Device(gpu: key.gpu)) {
      if let position = positions.firstIndex(of: key.gpu) { held[position].append(row.memoryBytes) }
    }
    for index in gpus.indices where gpus[index].migMode != .enabled {
      guard gpus[index].isReadable, pmon.coveredGPUs.contains(gpus[index].index) else { continue }
      gpus[index].memoryUnattributedBytes = unattributed(
        gpus[index].memoryUsedBytes, held[positions.firstIndex(of: gpus[index].index) ?? index])
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
