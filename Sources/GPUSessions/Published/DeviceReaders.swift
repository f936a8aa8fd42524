/// Readers of the families about GPUs and MIG instances.
let deviceReaders: [String: SampleReader] = [
  "gpu_info": { sample, node in
    let labels = sample.labels
    return readGPU(sample, node) { gpu in
      gpu.computeMode = labels["compute_mode"].isEmpty ? nil : labels["compute_mode"]
      (gpu.name, gpu.busID, gpu.driverVersion) = (labels["name"], labels["pci_bus_id"], labels["driver_version"])
      switch labels["mig_mode"] {
      case "Enabled": gpu.migMode = .enabled
      case "Disabled": gpu.migMode = .disabled
      default: break
      }
    }
  },
  "gpu_device_readable": { sample, node in
    let labels = sample.labels
    let index = labels.device?.gpu
    if !sample.value.isFinite { return false }
    if index == nil, labels["pci_bus_id"].isEmpty || !labels["gpu"].isEmpty { return false }
    if node.readability.count == 2 * NodeSamples.deviceLimit { return false }
    node.readability.append(
      .init(index: index, uuid: labels["uuid"], busID: labels["pci_bus_id"], isReadable: sample.value != 0))
    return true
  },
  "gpu_clocks_idle": gpuFigure { gpu, sample in gpu.areClocksIdle = sample.figure.map { $0 != 0 } },
  "gpu_recovery_action": { sample, node in
    let action = sample.labels["action"]
    return readGPU(sample, node) { $0.recoveryAction = action } && !action.isEmpty
  },
  "gpu_memory_total_bytes": gpuFigure { gpu, sample in gpu.memoryTotalBytes = sample.whole },
  "gpu_memory_unattributed_bytes": gpuFigure { gpu, sample in gpu.memoryUnattributedBytes = sample.whole },
  "gpu_memory_used_bytes": gpuFigure { gpu, sample in gpu.memoryUsedBytes = sample.whole },
  "gpu_power_limit_watts": gpuFigure { gpu, sample in gpu.powerLimitWatts = sample.figure },
  "gpu_power_watts": gpuFigure { gpu, sample in gpu.powerWatts = sample.figure },
  "gpu_temperature_celsius": gpuFigure { gpu, sample in gpu.temperatureCelsius = sample.figure },
  "gpu_utilization": gpuFigure { gpu, sample in gpu.utilization = sample.figure },
  "gpu_mig_info": { sample, node in
    let labels = sample.labels
    guard let device = labels.device, device.instance != nil, node.note(device, uuid: labels["uuid"]) else {
      return false
    }
    let gpuUUID = labels["gpu_uuid"]
    _ = node.changeGPU(device.gpu) { if $0.uuid.isEmpty { $0.uuid = gpuUUID } }
    node.instances[device]?.gpuUUID = gpuUUID
    node.instances[device]?.profile = MIGProfile(Array(labels["profile"].utf8)[...])
    return true
  },
  "gpu_mig_memory_total_bytes": gpuInstanceFigure { memory, sample in memory.totalBytes = sample.whole },
  "gpu_mig_memory_used_bytes": gpuInstanceFigure { memory, sample in memory.usedBytes = sample.whole },
  "gpu_mig_memory_bandwidth_utilization": instanceFigure { $0.memoryBandwidth = $1.figure },
  "gpu_mig_sm_utilization": instanceFigure { $0.sm = $1.figure },
  "gpu_mig_utilization": instanceFigure { $0.engine = $1.figure },
]

/// Reads a sample that is about a physical GPU. Samples without a UUID are not ours: other exporters have such families.
private func readGPU(_ sample: PublishedSample, _ node: NodeSamples, _ change: (inout GPU) -> Void) -> Bool {
  let uuid = sample.labels["uuid"]
  if uuid.isEmpty { return true }
  guard let device = sample.labels.device, device.instance == nil else { return false }
  return node.changeGPU(device.gpu) { gpu in
    gpu.uuid = uuid
    change(&gpu)
  }
}

private func gpuFigure(_ set: @escaping @Sendable (inout GPU, PublishedSample) -> Void) -> SampleReader {
  { sample, node in readGPU(sample, node) { set(&$0, sample) } }
}

private func instanceFigure(
  _ set: @escaping @Sendable (inout InstanceUtilization, PublishedSample) -> Void
) -> SampleReader {
  { sample, node in
    guard let device = sample.labels.device, device.instance != nil, node.note(device) else { return false }
    if var utilization = node.instances[device]?.utilization {
      set(&utilization, sample)
      node.instances[device]?.utilization = utilization
    }
    return true
  }
}

private func gpuInstanceFigure(
  _ set: @escaping @Sendable (inout NodeSamples.Memory, PublishedSample) -> Void
) -> SampleReader {
  { sample, node in
    guard let gpuInstance = Array(sample.labels["gpu_instance_id"].utf8).integer else { return false }
    let key = NodeSamples.GPUInstanceKey(gpuUUID: sample.labels["gpu_uuid"], gpuInstance: gpuInstance)
    if node.instanceMemory[key] == nil, node.instanceMemory.count == NodeSamples.deviceLimit { return false }
    set(&node.instanceMemory[key, default: .init()], sample)
    return true
  }
}
