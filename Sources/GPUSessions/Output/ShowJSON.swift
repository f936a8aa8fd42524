/// The output of `show --json`: one object for one collection. A value that is not known is `null`.
func showJSON(_ outcome: Outcome) -> String { JSONWriter(.object(showMembers(outcome))).bytes[...].text }

/// The members of the object for one collection.
func showMembers(_ outcome: Outcome) -> [(name: String, value: JSONOutput)] {
  let node = outcome.node ?? NodeState()
  return [
    ("devices", .array(shownDevices(node).map(deviceObject))),
    ("sessions", .array(node.sessions.map(sessionObject))),
    ("allocations", .array(node.allocations.map(allocationObject))),
    ("problems", .array(outcome.problems.filter { $0.count > 0 }.map(problemObject))),
    ("collector", collectorObject(outcome)),
  ]
}

private func deviceObject(_ device: ShownDevice) -> JSONOutput {
  .object([
    ("gpu", .known(device.gpu)), ("uuid", .known(device.uuid)), ("name", .known(device.name)),
    ("gpu_uuid", .known(device.gpuUUID)), ("pci_bus_id", .known(device.busID)),
    ("profile", .known(device.profile)), ("memory_total_bytes", .known(device.memoryTotalBytes)),
    ("memory_used_bytes", .known(device.memoryUsedBytes)), ("utilization", .known(device.utilization)),
    ("sm_utilization", .known(device.instanceUtilization.sm)),
    ("memory_bandwidth_utilization", .known(device.instanceUtilization.memoryBandwidth)),
    ("compute_mode", .known(device.computeMode)), ("recovery_action", .known(device.recoveryAction)),
    ("clocks_idle", device.areClocksIdle.map { .bool($0) } ?? .null),
    ("sessions", .known(device.sessions.map { Double($0) })), ("status", .string(device.status.rawValue)),
  ])
}

private func sessionObject(_ session: Session) -> JSONOutput {
  let owner = session.owner
  return .object([
    ("gpu", .string(session.device.label)), ("uuid", .known(session.deviceUUID)),
    ("pid", .number(Double(session.pid))), ("command", .known(session.command)), ("type", .known(session.type)),
    ("status", .string(session.status.rawValue)), ("memory_bytes", .known(session.memoryBytes)),
    ("utilization", .known(session.utilization.sm)), ("memory_utilization", .known(session.memoryUtilization)),
    ("start_time", .known(session.startTimeSeconds)), ("pod", .known(owner.pod)),
    ("namespace", .known(owner.namespace)), ("container", .known(owner.container)),
    ("pod_uid", .known(owner.podUID?.text)), ("container_id", .known(owner.containerID)),
    ("runtime", .known(owner.runtime)), ("user", .known(session.user)),
    ("unit", .known(owner.unit)), ("slurm_job_id", .known(owner.slurmJobID)),
  ])
}

private func allocationObject(_ allocation: Allocation) -> JSONOutput {
  .object([
    ("gpu", .string(allocation.device.label)), ("uuid", .known(allocation.deviceUUID)),
    ("resource", .known(allocation.resource)), ("pod", .known(allocation.pod)),
    ("namespace", .known(allocation.namespace)), ("container", .known(allocation.container)),
    ("pod_uid", .string(allocation.podUID.text)), ("replicas", .number(Double(allocation.replicas))),
  ])
}

private func problemObject(_ problem: ProblemRow) -> JSONOutput {
  .object([
    ("kind", .string(problem.kind)), ("count", .number(Double(problem.count))),
    ("meaning", .sentence(problem.meaning)),
  ])
}

private func collectorObject(_ outcome: Outcome) -> JSONOutput {
  let stages = outcome.report.sortedStages.map { result in
    JSONOutput.object([
      ("stage", .string(result.stage.rawValue)), ("success", .bool(result.isSuccess)),
      ("duration_seconds", .number(result.seconds)),
    ])
  }
  let published = outcome.report.published
  let isSuccessKnown = published.map { $0.isSuccess != nil } ?? true
  let isStartKnown = published?.hasStart ?? true
  return .object([
    ("success", isSuccessKnown ? .bool(outcome.isComplete) : .null),
    ("version", published.map { .known($0.version) } ?? .string(version)),
    ("last_run_timestamp_seconds", isStartKnown ? .number(outcome.report.startedSeconds) : .null),
    ("stages", .array(stages)),
    ("failure", .sentence(outcome.failureSentence)), ("reason", .sentence(outcome.report.reason)),
  ])
}
