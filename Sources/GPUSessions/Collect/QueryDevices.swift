/// What nvidia-smi answered about GPUs and processes at one moment.
struct SMIResponses {
  var gpuList: GPUList
  var processList: ProcessList
  /// `nil` if pmon failed or is not supported on this machine.
  var pmon: Pmon?
  var table: SMITable
  /// Why there is no table, in nvidia-smi's own words; `nil` if there is one, or nvidia-smi does not say.
  var tableComplaint: String?
}

extension Pipeline {
  /// Asks for the GPU list, the process list, pmon and the table at the same time.
  ///
  /// Throws if there is no GPU list or no process list; pmon and the table may fail alone.
  func queryDevices(_ smi: NvidiaSMI, _ report: inout RunReport) throws(CollectionFailure) -> SMIResponses {
    let start = host.now()
    report.problems.add(.fieldUnsupported, memory.unknownFields.count)
    let outcomes = try smi.ask([
      .gpus(fields: known(GPUList.fields)), .computeApps(fields: known(ProcessList.fields)), .pmon(gpus: []),
      .table,
    ])
    var gpuList = try readGPUList(outcomes[0], smi, since: start, &report)
    report.inventory = Inventory(gpus: gpuList.gpus, lostGPUs: gpuList.lostGPUs)
    let processList = try readProcessList(outcomes[1], smi, since: start, &report)
    gpuList.markUnreadable(by: processList)
    let pmon = try readPmon(outcomes[2], gpuList.gpus, smi, since: start, &report)
    let table = SMITable(finished(outcomes[3]))
    if table.processes == nil { report.problems.add(.processTableUnreadable) }
    report.problems.add(.processTableRowMalformed, table.malformedProcesses)
    return SMIResponses(
      gpuList: gpuList, processList: processList, pmon: pmon, table: table,
      tableComplaint: outcomes[3].reasonWithoutTable)
  }

  /// Leaves out the fields that this process knows to be unknown to the driver.
  private func known(_ fields: [String]) -> [String] { fields.filter { !memory.unknownFields.contains($0) } }

  private func readGPUList(
    _ first: ChildOutcome, _ smi: NvidiaSMI, since start: Nanoseconds, _ report: inout RunReport
  ) throws(CollectionFailure) -> GPUList {
    let (outcome, dropped) = try smi.droppingUnknownFields(
      first, fields: known(GPUList.fields), newer: GPUList.newerFields, required: GPUList.requiredFields
    ) { .gpus(fields: $0) }
    report.giveUp(fields: dropped)
    guard case .exited = outcome.end,
      let list = GPUList(outcome.standardOutput, complaints: outcome.diagnostics), !list.gpus.isEmpty
    else {
      finish(.devices, false, since: start, in: &report)
      report.reason = outcome.reason(withoutListOf: GPUList.requiredFields)
      throw failure(of: outcome, executable: smi.executable, what: "GPU list")
    }
    report.driver.note(version: list.gpus.map(\.driverVersion).first { !$0.isEmpty } ?? "")
    report.problems.add(.deviceRowMalformed, list.malformedRows)
    report.problems.add(.migModePending, list.gpus.count { $0.isMIGModePending })
    let isWhole = list.malformedRows == 0 && list.lostGPUs.isEmpty && list.gpus.allSatisfy(\.isReadable)
    finish(.devices, isWhole, since: start, in: &report)
    return list
  }

  private func readProcessList(
    _ first: ChildOutcome, _ smi: NvidiaSMI, since start: Nanoseconds, _ report: inout RunReport
  ) throws(CollectionFailure) -> ProcessList {
    let (outcome, dropped) = try smi.droppingUnknownFields(
      first, fields: known(ProcessList.fields), required: ProcessList.requiredFields
    ) { .computeApps(fields: $0) }
    report.giveUp(fields: dropped)
    guard case .exited = outcome.end, let list = ProcessList(outcome.standardOutput) else {
      finish(.processes, false, since: start, in: &report)
      report.reason = outcome.reason(withoutListOf: ProcessList.requiredFields)
      throw failure(of: outcome, executable: smi.executable, what: "process list")
    }
    report.problems.add(.processRowMalformed, list.malformedRows.count)
    report.problems.add(.processRowUnsupported, list.unsupportedGPUs.count)
    report.listedPIDs = list.processes.map(\.pid)
    finish(.processes, list.isWhole, since: start, in: &report)
    return list
  }

  /// Reads types and utilization. GPUs that pmon left out are asked for once more by their indexes.
  private func readPmon(
    _ outcome: ChildOutcome, _ gpus: [GPU], _ smi: NvidiaSMI, since start: Nanoseconds, _ report: inout RunReport
  ) throws(CollectionFailure) -> Pmon? {
    guard var pmon = Pmon(finished(outcome)) else {
      finish(.utilization, false, since: start, in: &report)
      return nil
    }
    func missingGPUs() -> [Int] {
      // pmon does not know integrated GPUs (Jetson).
      gpus.filter { $0.isReadable && !$0.isIntegrated && !pmon.coveredGPUs.contains($0.index) }.map(\.index)
    }
    let missing = missingGPUs()
    if !missing.isEmpty {
      report.problems.add(.pmonGPUMissing, missing.count)
      if let more = Pmon(finished(try smi.ask([.pmon(gpus: missing)])[0])) { pmon.merge(more) }
    }
    report.problems.add(.pmonRowMalformed, pmon.malformedRows)
    report.problems.add(.processRowDuplicate, pmon.duplicateRows)
    finish(.utilization, missingGPUs().isEmpty, since: start, in: &report)
    return pmon
  }

  /// What the child wrote; nothing if it did not end by itself.
  func finished(_ outcome: ChildOutcome) -> [UInt8] {
    if case .exited = outcome.end { outcome.standardOutput } else { [] }
  }
}

extension GPUList {
  /// Marks the GPUs whose processes the process list does not tell, unless they are unreadable already.
  fileprivate mutating func markUnreadable(by list: ProcessList) {
    for index in gpus.indices where gpus[index].isReadable {
      gpus[index].unreadableReason = list.unreadableGPUs[gpus[index].uuid]
      gpus[index].complaint = list.complaints[gpus[index].uuid]
    }
  }
}

extension RunReport {
  fileprivate mutating func giveUp(fields: [String]) {
    problems.add(.fieldUnsupported, fields.count)
    driver.unknownFields += fields
  }
}
