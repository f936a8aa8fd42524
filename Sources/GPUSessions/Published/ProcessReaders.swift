/// Readers of the families about processes, and about what the kubelet has handed out.
let processReaders: [String: SampleReader] = [
  "gpu_process_info": { sample, node in
    let labels = sample.labels
    guard let device = labels.device else { return false }
    switch labels["status"] {
    case "idle":
      guard node.note(device, uuid: labels["uuid"]) else { return false }
      node.idle[device] = labels["uuid"]
      return true
    case Session.Status.active.rawValue, Session.Status.mpsServer.rawValue:
      guard node.note(device, uuid: labels["uuid"]) else { return false }
      return readProcess(sample, node) { $0.labels = labels }
    default: return false
    }
  },
  "gpu_process_defunct": { sample, node in
    let reason = Session.Defunct(rawValue: sample.labels["reason"])
    return readProcess(sample, node) { $0.defunct = reason } && reason != nil
  },
  "gpu_process_decoder_utilization": processFigure { $0.utilization.decoder = $1.figure },
  "gpu_process_encoder_utilization": processFigure { $0.utilization.encoder = $1.figure },
  "gpu_process_memory_bandwidth_utilization": processFigure { $0.utilization.memoryBandwidth = $1.figure },
  "gpu_process_memory_bytes": processFigure { $0.memoryBytes = $1.whole },
  "gpu_process_start_time_seconds": processFigure { $0.startTimeSeconds = $1.figure },
  "gpu_process_utilization": processFigure { $0.utilization.sm = $1.figure },
  "gpu_session_count": { sample, node in
    guard let device = sample.labels.device, sample.value >= 0, node.note(device) else { return false }
    node.counts[device] = sample.value
    return true
  },
  "gpu_allocation_info": { sample, node in
    guard sample.labels.device != nil, PodUID(sample.labels["pod_uid"]) != nil,
      sample.value >= 1, Int(exactly: sample.value) != nil
    else { return false }
    node.allocations.append(sample)
    return true
  },
]

/// Reads a sample that is about a process.
private func readProcess(
  _ sample: PublishedSample, _ node: NodeSamples, _ change: (inout NodeSamples.Process) -> Void
) -> Bool {
  guard let device = sample.labels.device, let number = Array(sample.labels["pid"].utf8).decimal,
    let pid = Int32(exactly: number)
  else { return false }
  change(&node.processes[.init(device: device, pid: pid), default: .init()])
  return true
}

private func processFigure(
  _ set: @escaping @Sendable (inout NodeSamples.Process, PublishedSample) -> Void
) -> SampleReader {
  { sample, node in readProcess(sample, node) { set(&$0, sample) } }
}
