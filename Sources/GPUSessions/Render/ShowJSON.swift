/// The object of `show --json`: one collection, with `null` for what is not known.
func showJSON(_ snapshot: Snapshot, _ options: Options) -> String {
  let hasData = snapshot.failure == nil
  let object = JSONOutput.object([
    ("devices", .array(shownDevices(snapshot).map(deviceObject))),
    ("sessions", .array(hasData ? snapshot.sessions.map { sessionObject($0, options) } : [])),
    ("allocations", .array(hasData ? allocationObjects(snapshot) : [])),
    ("problems", .array(problemRows(snapshot).filter { $0.count > 0 }.map(problemObject))),
    ("collector", collectorObject(snapshot)),
  ])
  return JSONWriter(object).bytes[...].text
}

private func deviceObject(_ device: ShownDevice) -> JSONOutput {
  .object([
    ("gpu", .known(device.gpu)), ("uuid", .known(device.uuid)), ("name", .known(device.name)),
    ("gpu_uuid", .known(device.gpuUUID)), ("pci_bus_id", .known(device.busID)),
    ("profile", .known(device.profile)), ("memory_total_bytes", .known(device.memoryTotalBytes)),
    ("memory_used_bytes", .known(device.memoryUsedBytes)), ("utilization", .known(device.utilization)),
    ("sessions", .known(device.sessions.map { Double($0) })), ("status", .string(device.status.rawValue)),
  ])
}

private func sessionObject(_ session: Session, _ options: Options) -> JSONOutput {
  let owner = session.owner
  let place = OwnerPlace(owner)
  return .object([
    ("gpu", .string(session.device.label)), ("uuid", .known(session.deviceUUID)),
    ("pid", .number(Double(session.pid))), ("command", .known(session.command)), ("type", .known(session.type)),
    ("status", .string(session.status.rawValue)), ("memory_bytes", .known(session.memoryBytes)),
    ("utilization", .known(session.utilization.sm)), ("memory_utilization", .known(session.memoryUtilization)),
    ("start_time", .known(session.startTimeSeconds)), ("pod", .known(owner.pod)),
    ("namespace", .known(owner.namespace)), ("container", .known(owner.container)),
    ("pod_uid", .known(owner.podUID)), ("container_id", .known(owner.containerID)),
    ("runtime", .known(owner.runtime)), ("user", options.hasUserLabel ? .known(place.user) : .null),
    ("unit", .known(place.unit)), ("slurm_job_id", .known(place.slurmJobID)),
  ])
}

private func problemObject(_ problem: (kind: String, count: Int, meaning: String)) -> JSONOutput {
  .object([
    ("kind", .string(problem.kind)), ("count", .number(Double(problem.count))),
    ("meaning", .string(problem.meaning)),
  ])
}

private func collectorObject(_ snapshot: Snapshot) -> JSONOutput {
  let stages = sortedStages(snapshot).map { result in
    JSONOutput.object([
      ("stage", .string(result.stage.rawValue)), ("success", .bool(result.isSuccess)),
      ("duration_seconds", .number(Double(result.duration / 1000) / 1_000_000)),
    ])
  }
  return .object([
    ("success", .bool(snapshot.isComplete)), ("version", .string(version)),
    ("last_run_timestamp_seconds", .number(snapshot.startedSeconds)), ("stages", .array(stages)),
    ("failure", .known(snapshot.failure?.sentence)),
  ])
}
