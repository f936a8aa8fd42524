extension NodeSamples {
  /// The GPUs and instances, with what speaks against calling them idle.
  var inventory: Inventory {
    var gpus = self.gpus
    var lost: [LostGPU] = []
    for row in readability {
      // A GPU that only a complaint of nvidia-smi names has no UUID here, and may have the index of another one.
      let isListed = row.index.flatMap { gpus[$0] }.map { $0.busID.isEmpty || $0.busID == row.busID } ?? false
      if let index = row.index, isListed || !row.uuid.isEmpty || row.isReadable {
        var gpu = gpus[index] ?? NodeSamples.unnamed(index)
        if gpu.uuid.isEmpty { gpu.uuid = row.uuid }
        if gpu.busID.isEmpty { gpu.busID = row.busID }
        gpu.unreadableReason = row.isReadable ? nil : .unknown
        gpus[index] = gpu
      } else {
        lost.append(LostGPU(index: row.index, busID: row.busID))
      }
    }
    for (index, doubt) in doubts(gpus.values) { gpus[index]?.doubts = doubt }
    return Inventory(
      gpus: gpus.values.sorted { $0.index < $1.index },
      lostGPUs: lost.sorted { ($0.index ?? .max, $0.busID) < ($1.index ?? .max, $1.busID) },
      instances: instances.values.map(withMemory).sorted { $0.device < $1.device })
  }

  private func withMemory(_ instance: MIGInstance) -> MIGInstance {
    var instance = instance
    let memory = instanceMemory[.init(gpuUUID: instance.gpuUUID, gpuInstance: instance.gpuInstanceID)]
    (instance.memoryTotalBytes, instance.memoryUsedBytes) = (memory?.totalBytes, memory?.usedBytes)
    return instance
  }

  /// What speaks against calling a GPU's devices idle, by index. A device is idle only if it has an idle row; without one
  /// and with a count of 0 graphics processes were at work; without either it is not known.
  private func doubts(_ gpus: some Collection<GPU>) -> [Int: GPU.Doubts] {
    let busy = Set(processes.filter { $0.value.isSession }.keys.map(\.device))
    var doubts: [Int: GPU.Doubts] = [:]
    let whole = gpus.filter { $0.migMode != .enabled }.map { Device(gpu: $0.index) }
    for device in whole + Array(instances.keys) where !busy.contains(device) && idle[device] == nil {
      doubts[device.gpu, default: []].insert(counts[device] == 0 ? .graphicsWork : .unreadRow)
    }
    return doubts
  }
}

extension NodeSamples.Process {
  /// Whether the process is a session; the MPS server is none.
  var isSession: Bool { labels.map { $0["status"] == Session.Status.active.rawValue } ?? false }
}
