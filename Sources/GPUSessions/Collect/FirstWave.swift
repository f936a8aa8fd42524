/// What nvidia-smi said about GPUs and processes in one moment.
struct SMIResponses {
  var apps: ProcessList
  /// `nil` where pmon is not supported or failed.
  var pmon: Pmon?

  /// The processes that the list has on this GPU, be it on its instances.
  func listedPIDs(onGPU uuid: String) -> Set<Int32> {
    Set(apps.processes.lazy.filter { $0.gpuUUID == uuid }.map(\.pid))
  }
}

extension Collector {
  /// GPU list, process list and utilization, asked at the same time.
  mutating func firstWave(_ smi: NvidiaSMI) throws(CollectionFailure) -> SMIResponses {
    let start = host.now()
    let outcomes = try smi.ask([
      .gpus(fields: GPUList.fields), .computeApps(fields: ProcessList.fields), .pmon(gpus: []),
    ])
    try readDevices(smi, outcomes[0], start)
    let apps = try readProcesses(smi, outcomes[1], start)
    return SMIResponses(apps: apps, pmon: try readUtilization(smi, outcomes[2], start))
  }

  private mutating func readDevices(
    _ smi: NvidiaSMI, _ first: ChildOutcome, _ start: Nanoseconds
  ) throws(CollectionFailure) {
    let (outcome, dropped) = try smi.droppingUnknownFields(
      first, fields: GPUList.fields, required: GPUList.requiredFields
    ) { .gpus(fields: $0) }
    giveUp(dropped)
    guard case .exited = outcome.end,
      let query = GPUList(outcome.standardOutput, complaints: outcome.diagnostics),
      !query.gpus.isEmpty
    else {
      finish(.devices, false, from: start)
      throw failure(of: outcome, executable: smi.executable, what: "GPU list")
    }
    snapshot.gpus = query.gpus
    snapshot.lostGPUs = query.lostGPUs
    snapshot.problems.add(.deviceRowMalformed, query.malformedRows)
    let isWhole = query.malformedRows == 0 && query.lostGPUs.isEmpty && query.gpus.allSatisfy(\.isReadable)
    finish(.devices, isWhole, from: start)
  }

  private mutating func readProcesses(
    _ smi: NvidiaSMI, _ first: ChildOutcome, _ start: Nanoseconds
  ) throws(CollectionFailure) -> ProcessList {
    let (outcome, dropped) = try smi.droppingUnknownFields(
      first, fields: ProcessList.fields, required: ProcessList.requiredFields
    ) { .computeApps(fields: $0) }
    giveUp(dropped)
    guard case .exited = outcome.end, let apps = ProcessList(outcome.standardOutput) else {
      finish(.processes, false, from: start)
      throw failure(of: outcome, executable: smi.executable, what: "process list")
    }
    snapshot.problems.add(.processRowMalformed, apps.malformedRows)
    snapshot.listedPIDs = apps.processes.map { $0.pid }
    for index in snapshot.gpus.indices where snapshot.gpus[index].isReadable {
      snapshot.gpus[index].unreadableReason = apps.unreadableGPUs[snapshot.gpus[index].uuid]
    }
    finish(.processes, apps.malformedRows == 0 && apps.unreadableGPUs.isEmpty, from: start)
    return apps
  }

  /// Types and utilization; GPUs that pmon left out are asked for once more by index.
  private mutating func readUtilization(
    _ smi: NvidiaSMI, _ outcome: ChildOutcome, _ start: Nanoseconds
  ) throws(CollectionFailure) -> Pmon? {
    guard var pmon = pmon(outcome) else {
      finish(.utilization, false, from: start)
      return nil
    }
    let missing = missingGPUs(pmon)
    if !missing.isEmpty {
      snapshot.problems.add(.pmonGPUMissing, missing.count)
      if let more = self.pmon(try smi.ask([.pmon(gpus: missing)])[0]) { pmon.merge(more) }
    }
    snapshot.problems.add(.pmonRowMalformed, pmon.malformedRows)
    snapshot.problems.add(.processRowDuplicate, pmon.duplicateRows)
    finish(.utilization, missingGPUs(pmon).isEmpty, from: start)
    return pmon
  }

  private mutating func giveUp(_ fields: [String]) {
    snapshot.problems.add(.fieldUnsupported, fields.count)
    snapshot.unknownFields += fields
  }

  private func pmon(_ outcome: ChildOutcome) -> Pmon? {
    guard case .exited = outcome.end else { return nil }
    return Pmon(outcome.standardOutput)
  }

  private func missingGPUs(_ pmon: Pmon) -> [Int] {
    snapshot.gpus.filter { $0.isReadable && !pmon.coveredGPUs.contains($0.index) }.map(\.index)
  }
}
