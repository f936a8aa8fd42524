/// Families with one sample per session or per device.
let sessionFamilies: [MetricFamily] =
  [
    MetricFamily(
      "gpu_process_defunct",
      "A listed process that was no longer alive when sampled, value 1. reason: zombie, uninterruptible (state D) or"
        + " gone (not in /proc). One sample proves nothing.",
      labels: processLabels + ["reason"]
    ) { snapshot, _, out in
      for session in snapshot.sessions {
        if let reason = session.defunct { out.sample(identity(session) + [("reason", reason.rawValue)], 1) }
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
    ) { snapshot, _, out in
      let counts = sessionCounts(snapshot)
      for device in snapshot.readDevices {
        out.sample([("gpu", device.device.label)], Double(counts[device.device] ?? 0))
      }
    },
    MetricFamily(
      "gpu_total_sessions", "Sessions on all GPU devices of the node that could be read.", labels: []
    ) { snapshot, _, out in
      out.sample([], Double(sessionCounts(snapshot).values.reduce(0, +)))
    },
  ] + figures.map(figureFamily)

private let processLabels = ["gpu", "pid", "command", "pod", "namespace", "container"]
private let infoLabels =
  processLabels + ["status", "gpu_memory", "uuid", "type", "pod_uid", "user", "unit", "slurm_job_id"]

/// Families with one figure per process: name, help and where the figure comes from; absent where it is `nil`.
private let figures: [(name: String, help: String, value: @Sendable (Session) -> Double?)] = [
  (
    "gpu_process_decoder_utilization",
    "Share of time the decoder worked for the process, percent, as pmon reports it.", { $0.utilization.decoder }
  ),
  (
    "gpu_process_encoder_utilization",
    "Share of time the encoder worked for the process, percent, as pmon reports it.", { $0.utilization.encoder }
  ),
  (
    "gpu_process_memory_bandwidth_utilization",
    "Share of time device memory was read or written for the process, percent, as pmon reports it.",
    { $0.utilization.memoryBandwidth }
  ),
  (
    "gpu_process_memory_bytes",
    "Device memory the process holds, bytes. Absent where the driver reports none.",
    { $0.memoryBytes.map { Double($0) } }
  ),
  (
    "gpu_process_memory_utilization",
    "Device memory the process holds, percent of its device's memory.",
    { $0.memoryUtilization }
  ),
  (
    "gpu_process_start_time_seconds", "When the process started, seconds since 1970.", { $0.startTimeSeconds }
  ),
  (
    "gpu_process_utilization",
    "Share of time the SMs worked for the process, percent. Absent where the driver reports none (idle sample, MIG).",
    { $0.utilization.sm }
  ),
]

private func figureFamily(
  _ figure: (name: String, help: String, value: @Sendable (Session) -> Double?)
) -> MetricFamily {
  MetricFamily(figure.name, figure.help, labels: processLabels) { snapshot, _, out in
    for session in snapshot.sessions {
      if let value = figure.value(session) { out.sample(identity(session), value) }
    }
  }
}

private func identity(_ session: Session) -> [(name: String, value: String?)] {
  [
    ("gpu", session.device.label), ("pid", "\(session.pid)"), ("command", session.command),
    ("pod", session.owner.pod), ("namespace", session.owner.namespace), ("container", session.owner.container),
  ]
}

/// Sessions by device; a device without any is absent.
func sessionCounts(_ snapshot: Snapshot) -> [Device: Int] {
  var counts: [Device: Int] = [:]
  for session in snapshot.sessions where session.status == .active { counts[session.device, default: 0] += 1 }
  return counts
}

/// Device by device: its sessions and the MPS server, then the idle row if it has no session.
private func writeInfo(_ snapshot: Snapshot, _ options: Options, _ out: inout Exposition) {
  let counts = sessionCounts(snapshot)
  var rest = snapshot.sessions[...]
  for device in snapshot.readDevices {
    while let session = rest.first, session.device <= device.device {
      writeInfo(session, options, &out)
      rest = rest.dropFirst()
    }
    guard counts[device.device] == nil else { continue }
    out.sample(
      [("gpu", device.device.label)] + processLabels.dropFirst().map { ($0, "") } + [
        ("status", "idle"), ("gpu_memory", options.hasMemoryLabel ? "0MiB" : nil), ("uuid", device.uuid),
      ], 1)
  }
}

private func writeInfo(_ session: Session, _ options: Options, _ out: inout Exposition) {
  let memory = session.memoryBytes.map { "\($0 / 1_048_576)MiB" } ?? ""
  out.sample(
    identity(session) + [
      ("status", session.status.rawValue), ("gpu_memory", options.hasMemoryLabel ? memory : nil),
      ("uuid", session.deviceUUID), ("type", session.type), ("pod_uid", session.owner.podUID),
      ("user", session.owner.user), ("unit", session.owner.unit), ("slurm_job_id", session.owner.slurmJobID),
    ], 1)
}
