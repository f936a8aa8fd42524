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
    all.reserveCapacity(answers.apps.processes.count)
    positions.reserveCapacity(answers.apps.processes.count)
    var position: Int?
    for process in answers.apps.processes {
      if position.map({ snapshot.gpus[$0].uuid }) != process.gpuUUID {
        position = snapshot.gpus.firstIndex { $0.uuid == process.gpuUUID }
      }
      guard let position else {
        snapshot.problems.add(.processRowUnknownGPU)
        continue
      }
      guard snapshot.gpus[position].isReadable, snapshot.gpus[position].migMode != .enabled else { continue }
      add(process, to: snapshot.gpus[position], &snapshot.problems)
    }
  }

  private mutating func add(_ process: ListedProcess, to gpu: GPU, _ problems: inout ProblemCounts) {
    let row = answers.pmon?.rows[.init(gpu: gpu.index, pid: process.pid)]
    add(
      PlacedProcess(
        device: Device(gpu: gpu.index), deviceUUID: gpu.uuid, deviceMemoryBytes: gpu.memoryTotalBytes,
        pid: process.pid, memoryBytes: process.memoryBytes, name: process.name, type: row?.type,
        utilization: row?.utilization ?? ProcessUtilization(),
        isConfirmed: row != nil || !answers.isCovered(gpu: gpu.index)), &problems)
  }

  /// Adds one on an instance, with what pmon knows of its type.
  mutating func addOnInstance(_ process: PlacedProcess, _ row: Pmon.Row?, _ problems: inout ProblemCounts) {
    var process = process
    process.type = process.type ?? row?.type
    add(process, &problems)
  }

  /// Adds one. Graphics processes are none; of two rows the larger memory counts.
  private mutating func add(_ process: PlacedProcess, _ problems: inout ProblemCounts) {
    if process.type == "G" { return }
    let key = Key(device: process.device, pid: process.pid)
    guard let position = positions.updateValue(all.count, forKey: key) else { return all.append(process) }
    positions[key] = position
    if all[position].memoryBytes != process.memoryBytes || all[position].name != process.name {
      problems.add(.processRowDuplicate)
      all[position].memoryBytes = larger(all[position].memoryBytes, process.memoryBytes)
    }
  }
}

extension PlacedProcesses {
  /// Whether a process on this whole GPU is among them.
  func contains(_ pid: Int32, onGPU index: Int) -> Bool {
    positions[Key(device: Device(gpu: index), pid: pid)] != nil
  }
}

private func larger(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
  guard let left else { return right }
  return max(left, right ?? 0)
}
