/// The labels of every family about a process.
let processColumns: [Column<ProcessRow>] = [
  Column("gpu") { $0.device },
  Column("pid") { PIDLabel(pid: $0.session?.pid) },
  Column("command") { $0.session?.command ?? "" },
  Column("pod") { $0.session?.owner.pod ?? "" },
  Column("namespace") { $0.session?.owner.namespace ?? "" },
  Column("container") { $0.session?.owner.container ?? "" },
]

/// The `pid` label, which is empty for a placeholder.
private struct PIDLabel: LabelValue {
  var pid: Int32?

  static var capacity: Int { 20 }
  func append(to output: inout OutputSpan<UInt8>) {
    if let pid { output.append(decimal: Int64(pid)) }
  }
}

/// The `gpu_memory` label: `1024MiB`, or empty if the memory is not known.
struct MemoryLabel: LabelValue {
  var bytes: UInt64?

  static var capacity: Int { 23 }
  func append(to output: inout OutputSpan<UInt8>) {
    guard let bytes else { return }
    output.append(decimal: Int64(bytes / 1_048_576))
    output.append(contentsOf: "MiB".utf8Span.span)
  }
}

/// The further labels of `gpu_process_info`.
private let infoColumns: [Column<ProcessRow>] = [
  Column("status") { $0.session?.status.rawValue ?? "idle" },
  Column("gpu_memory") { $0.memoryLabel },
  Column("uuid") { $0.deviceUUID },
  Column("type") { $0.session?.type },
  Column("pod_uid") { $0.session?.owner.podUID },
  Column("user") { $0.session?.user },
  Column("unit") { $0.session?.owner.unit },
  Column("slurm_job_id") { $0.session?.owner.slurmJobID },
]

/// Families about processes, and about how many there are on a device.
let processFamilies: [MetricFamily] = [
  processFamily(
    "gpu_process_info",
    "A process on a GPU device and its owner, value 1. status: active for a session, idle for the one"
      + " placeholder row of a device without sessions, mps_server for an MPS server.",
    adding: infoColumns
  ) { _ in 1 },
  processFamily(
    "gpu_process_defunct",
    "A listed process that may hold its device without using it, value 1. reason: zombie (ended, not reaped),"
      + " uninterruptible (waits in the kernel, state D) or gone (not in /proc). Harmless if it does not last.",
    adding: [Column("reason") { $0.session?.defunct?.rawValue }]
  ) { $0.session?.defunct == nil ? nil : 1 },
  processFamily(
    "gpu_process_decoder_utilization",
    "Share of time the decoder worked for the process, percent, as pmon reports it."
  ) { $0.session?.utilization.decoder },
  processFamily(
    "gpu_process_encoder_utilization",
    "Share of time the encoder worked for the process, percent, as pmon reports it."
  ) { $0.session?.utilization.encoder },
  processFamily(
    "gpu_process_memory_bandwidth_utilization",
    "Share of time device memory was read or written for the process, percent, as pmon reports it."
  ) { $0.session?.utilization.memoryBandwidth },
  processFamily(
    "gpu_process_memory_bytes", "Device memory the process holds, bytes. Absent where the driver reports none."
  ) { $0.session?.memoryBytes.map { Double($0) } },
  processFamily(
    "gpu_process_memory_utilization", "Device memory the process holds, percent of its device's memory."
  ) { $0.session?.memoryUtilization },
  processFamily("gpu_process_start_time_seconds", "When the process started, seconds since 1970.") {
    $0.session?.startTimeSeconds
  },
  processFamily(
    "gpu_process_utilization",
    "Share of time the SMs worked for the process, percent. Absent where the driver reports none (idle sample, MIG)."
  ) { $0.session?.utilization.sm },
  MetricFamily(
    "gpu_session_count",
    "Sessions on a GPU device. Absent if the device could not be read, or if it is not known whether it has a"
      + " session.",
    [Column("gpu") { $0.device }], rows: \.devices, value: { Double($0.sessionCount) }),
  MetricFamily(
    "gpu_total_sessions", "Sessions on all GPU devices of the node that could be read.", [],
    .ofNode { context, writer in writer.sample(Double(context.node.totalSessions)) }),
]

/// A family with a sample for each row that has a value. The labels of a process come first, then the further ones.
private func processFamily(
  _ name: String, _ help: String, adding columns: [Column<ProcessRow>] = [],
  _ value: @escaping @Sendable (ProcessRow) -> Double?
) -> MetricFamily {
  MetricFamily(
    name, help, (processColumns + columns).map(\.name),
    .ofNode { context, writer in
      let (rows, labels) = (context.processes.span, context.labels.span)
      for index in rows.indices {
        let row = rows[index]
        guard let value = value(row) else { continue }
        writer.sample(columns, of: row, value, after: labels.extracting(context.labels(ofProcessAt: index)))
      }
    })
}
