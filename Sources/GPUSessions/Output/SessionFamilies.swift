/// Families with one sample per session or per device.
let sessionFamilies: [MetricFamily] =
  [
    MetricFamily(
      "gpu_process_defunct",
      "A listed process that was no longer alive when sampled, value 1. reason: zombie, uninterruptible (state D) or"
        + " gone (not in /proc). One sample proves nothing.",
      labels: processLabels + ["reason"]
    ) { run, out in
      let sessions = run.snapshot.sessions
      for index in sessions.indices {
        guard let reason = sessions[index].defunct else { continue }
        out.open(run.processLabels[index])
        out.label("reason", reason.rawValue)
        out.close(1)
      }
    },
    MetricFamily(
      "gpu_process_info",
      "A process on a GPU device and whose it is, value 1. status: active for a session, idle for the one"
        + " placeholder row of a device without sessions, mps_server for the MPS daemon.",
      labels: infoLabels, write: writeInfo),
    MetricFamily(
      "gpu_session_count",
      "Sessions on a GPU device. Absent for a device that could not be read.",
      labels: ["gpu"]
    ) { run, out in
      for device in run.snapshot.readDevices {
        out.sample([("gpu", device.device.label)], Double(run.sessionCounts[device.device]))
      }
    },
    MetricFamily(
      "gpu_total_sessions", "Sessions on all GPU devices of the node that could be read.", labels: []
    ) { run, out in
      out.sample([], Double(run.sessionCounts.total))
    },
  ] + figures.map(figureFamily)

private let processLabels = ["gpu", "pid", "command", "pod", "namespace", "container"]
private let infoLabels =
  processLabels + ["status", "gpu_memory", "uuid", "type", "pod_uid", "user", "unit", "slurm_job_id"]

/// A family with one figure per process, which is absent where it is `nil`.
private struct Figure {
  let name: String
  let help: String
  /// Of the process at this position; it is not handed over, for a copy of it costs more than its figures.
  let value: @Sendable (_ sessions: [Session], _ index: Int) -> Double?

  init(_ name: String, _ help: String, _ value: @escaping @Sendable ([Session], Int) -> Double?) {
    (self.name, self.help, self.value) = (name, help, value)
  }
}

private let figures: [Figure] = [
  Figure(
    "gpu_process_decoder_utilization",
    "Share of time the decoder worked for the process, percent, as pmon reports it.", { $0[$1].utilization.decoder }
  ),
  Figure(
    "gpu_process_encoder_utilization",
    "Share of time the encoder worked for the process, percent, as pmon reports it.", { $0[$1].utilization.encoder }
  ),
  Figure(
    "gpu_process_memory_bandwidth_utilization",
    "Share of time device memory was read or written for the process, percent, as pmon reports it.",
    { $0[$1].utilization.memoryBandwidth }
  ),
  Figure(
    "gpu_process_memory_bytes",
    "Device memory the process holds, bytes. Absent where the driver reports none.",
    { $0[$1].memoryBytes.map { Double($0) } }
  ),
  Figure(
    "gpu_process_memory_utilization",
    "Device memory the process holds, percent of its device's memory.",
    { $0[$1].memoryUtilization }
  ),
  Figure(
    "gpu_process_start_time_seconds", "When the process started, seconds since 1970.", { $0[$1].startTimeSeconds }
  ),
  Figure(
    "gpu_process_utilization",
    "Share of time the SMs worked for the process, percent. Absent where the driver reports none (idle sample, MIG).",
    { $0[$1].utilization.sm }
  ),
]

private func figureFamily(_ figure: Figure) -> MetricFamily {
  MetricFamily(figure.name, figure.help, labels: processLabels) { run, out in
    let sessions = run.snapshot.sessions
    for index in sessions.indices {
      if let value = figure.value(sessions, index) { out.sample(closed: run.processLabels.closed(index), value) }
    }
  }
}

/// Device by device: its sessions and the MPS server, then the idle row if it has no session.
private func writeInfo(_ run: ExpositionContext, _ out: inout ExpositionWriter) {
  let sessions = run.snapshot.sessions
  var next = 0
  var repeated = RepeatedLabels()
  for device in run.snapshot.readDevices {
    while next < sessions.count, sessions[next].device <= device.device {
      out.open(run.processLabels[next])
      writeInfo(sessions, next, run.options, &repeated, &out)
      next += 1
    }
    if run.sessionCounts[device.device] == 0 { writeIdle(device.device, device.uuid, run.options, &out) }
  }
}

/// Labels that one process has as the one before.
private struct RepeatedLabels {
  var status = RepeatedLabel("status")
  var uuid = RepeatedLabel("uuid")
  var type = RepeatedLabel("type")
}

private func writeInfo(
  _ sessions: [Session], _ index: Int, _ options: Options, _ repeated: inout RepeatedLabels,
  _ out: inout ExpositionWriter
) {
  out.labels(repeated.status.with(sessions[index].status.rawValue))
  if options.hasMemoryLabel {
    if let memory = sessions[index].memoryBytes {
      out.label(.memory, mebibytes: memory / 1_048_576)
    } else {
      out.label(.memory, "")
    }
  }
  out.labels(repeated.uuid.with(sessions[index].deviceUUID))
  out.labels(repeated.type.with(sessions[index].type))
  let owner = sessions[index].sharedOwner
  out.label(.podUID, owner.owner.podUID)
  out.label("user", owner.owner.user)
  out.label("unit", owner.owner.unit)
  out.label("slurm_job_id", owner.owner.slurmJobID)
  out.close(1)
}

extension LabelOpening {
  static let pid = LabelOpening("pid")
  fileprivate static let memory = LabelOpening("gpu_memory")
}

private func writeIdle(_ device: Device, _ uuid: String?, _ options: Options, _ out: inout ExpositionWriter) {
  out.open()
  out.label("gpu", device.label)
  for name in processLabels.dropFirst() { out.label(name, "") }
  out.label("status", "idle")
  out.label("gpu_memory", options.hasMemoryLabel ? "0MiB" : nil)
  out.label("uuid", uuid)
  out.close(1)
}
