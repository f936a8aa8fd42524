/// One process on one device, before it is known whose it is.
struct PlacedProcess {
  var device: Device
  var deviceUUID: String?
  var deviceMemoryBytes: UInt64?
  var pid: Int32
  var memoryBytes: UInt64?
  /// As nvidia-smi names it.
  var name: [UInt8]?
  var type: String?
  var utilization = ProcessUtilization()
  /// Whether a second list of nvidia-smi has it too.
  var isConfirmed: Bool
}

/// The processes of a run, each on the device it was placed on.
struct PlacedProcesses {
  let answers: Answers
  private(set) var all: [PlacedProcess] = []
  private var positions: [Key: Int] = [:]

  private struct Key: Hashable {
    var device: Device
    var pid: Int32
  }

  init(answers: Answers) { self.answers = answers }

  /// Places the processes of whole GPUs, from the CSV; those of MIG GPUs it names only by parent.
  mutating func addWholeGPUs(_ snapshot: inout Snapshot) {
    for process in answers.apps.processes {
      guard let gpu = snapshot.gpus.first(where: { $0.uuid == process.gpuUUID }) else {
        snapshot.problems.add(.processRowUnknownGPU)
        continue
      }
      guard gpu.isReadable, gpu.migMode != .enabled else { continue }
      add(
        PlacedProcess(
          device: Device(gpu: gpu.index), deviceUUID: gpu.uuid, deviceMemoryBytes: gpu.memoryTotalBytes,
          pid: process.pid, memoryBytes: process.memoryBytes, name: process.name,
          isConfirmed: answers.isConfirmed(pid: process.pid, gpu: gpu.index)), &snapshot.problems)
    }
  }

  /// Adds one, with what pmon knows of it. Graphics processes are none; of two rows the larger memory counts.
  mutating func add(_ process: PlacedProcess, _ problems: inout ProblemCounts) {
    var process = process
    if let row = answers.pmon?.rows[.init(gpu: process.device.gpu, pid: process.pid)] {
      process.type = process.type ?? row.type
      if process.device.instance == nil { process.utilization = row.utilization }
    }
    if process.type == "G" { return }
    let key = Key(device: process.device, pid: process.pid)
    guard let position = positions[key] else {
      positions[key] = all.count
      all.append(process)
      return
    }
    if all[position].memoryBytes != process.memoryBytes || all[position].name != process.name {
      problems.add(.processRowDuplicate)
      all[position].memoryBytes = larger(all[position].memoryBytes, process.memoryBytes)
    }
  }
}

private func larger(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
  guard let left else { return right }
  return max(left, right ?? 0)
}
