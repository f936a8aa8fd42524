/// One process on one device, before it is known whose it is.
struct DeviceProcess {
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
struct ProcessTable {
  let answers: SMIResponses
  private(set) var all: [DeviceProcess] = []
  /// `nil` as long as each is placed behind the one before, by device and PID: then ``all`` is searched itself.
  private var positions: [Key: Int]?

  private struct Key: Hashable, Comparable {
    var device: Device
    var pid: Int32

    static func < (left: Key, right: Key) -> Bool {
      left.device == right.device ? left.pid < right.pid : left.device < right.device
    }
  }

  init(answers: SMIResponses) { self.answers = answers }

  /// PIDs on more than one device.
  var repeatedPIDs: Set<Int32> {
    let pids = all.map { $0.pid }.sorted()
    return Set(zip(pids, pids.dropFirst()).lazy.filter { $0 == $1 }.map { $0.0 })
  }

  /// Places in ``all``, by device and PID.
  var sortedPlaces: [Int] {
    positions == nil ? Array(all.indices) : all.indices.sorted { key($0) < key($1) }
  }

  /// Places the processes of whole GPUs, from the CSV; those of MIG GPUs it names only by parent.
  mutating func addWholeGPUs(_ snapshot: inout Snapshot) {
    all.reserveCapacity(answers.apps.processes.count)
    var (gpu, uuid): (WholeGPU?, String?) = (nil, nil)
    for process in answers.apps.processes {
      if uuid != process.gpuUUID {
        uuid = process.gpuUUID
        gpu = WholeGPU(process.gpuUUID, snapshot.gpus, answers.pmon)
      }
      guard let gpu else {
        snapshot.problems.add(.processRowUnknownGPU)
        continue
      }
      if !gpu.isPlace { continue }
      let row = answers.pmon?.rows[.init(gpu: gpu.device.gpu, pid: process.pid)]
      add(process, row, to: gpu, &snapshot.problems)
    }
  }

  private mutating func add(
    _ process: ListedProcess, _ row: Pmon.Row?, to gpu: WholeGPU, _ problems: inout ProblemCounts
  ) {
    add(
      DeviceProcess(
        device: gpu.device, deviceUUID: gpu.uuid, deviceMemoryBytes: gpu.memoryBytes, pid: process.pid,
        memoryBytes: process.memoryBytes, name: process.name, type: row?.type,
        utilization: row?.utilization ?? ProcessUtilization(), isConfirmed: row != nil || !gpu.isCovered),
      &problems)
  }

  /// Adds one on an instance, with what pmon knows of its type.
  mutating func addOnInstance(_ process: DeviceProcess, _ row: Pmon.Row?, _ problems: inout ProblemCounts) {
    var process = process
    process.type = process.type ?? row?.type
    add(process, &problems)
  }

  /// Adds one. Graphics processes are none; of two rows the larger memory counts.
  private mutating func add(_ process: DeviceProcess, _ problems: inout ProblemCounts) {
    if process.type == "G" { return }
    let key = Key(device: process.device, pid: process.pid)
    guard let position = position(key) else { return append(process, key) }
    if all[position].memoryBytes != process.memoryBytes || all[position].name != process.name {
      problems.add(.processRowDuplicate)
      all[position].memoryBytes = larger(all[position].memoryBytes, process.memoryBytes)
    }
  }
}

extension ProcessTable {
  private func key(_ place: Int) -> Key { Key(device: all[place].device, pid: all[place].pid) }

  private func position(_ wanted: Key) -> Int? {
    if let positions { return positions[wanted] }
    var (low, high) = (0, all.count)
    // The next one to be added as a rule.
    if let last = all.indices.last, key(last) < wanted { return nil }
    while low < high {
      let middle = (low + high) / 2
      if key(middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low < all.count && key(low) == wanted ? low : nil
  }

  private mutating func append(_ process: DeviceProcess, _ key: Key) {
    if positions == nil, let last = all.indices.last, key < self.key(last) {
      positions = Dictionary(uniqueKeysWithValues: all.indices.map { (self.key($0), $0) })
    }
    positions?[key] = all.count
    all.append(process)
  }
}

/// A GPU as its processes are placed on it; row after row it is the same one.
private struct WholeGPU {
  let uuid: String
  let device: Device
  let memoryBytes: UInt64?
  /// Whether processes run on the GPU itself, and it can be told which.
  let isPlace: Bool
  /// Whether pmon should have each of its processes too: a forged row is in one list only.
  let isCovered: Bool

  init?(_ uuid: String, _ gpus: [GPU], _ pmon: Pmon?) {
    guard let gpu = gpus.first(where: { $0.uuid == uuid }) else { return nil }
    self.uuid = uuid
    device = Device(gpu: gpu.index)
    memoryBytes = gpu.memoryTotalBytes
    isPlace = gpu.isReadable && gpu.migMode != .enabled
    isCovered = pmon?.coveredGPUs.contains(gpu.index) ?? false
  }
}

extension ProcessTable {
  /// Whether a process on this whole GPU is among them.
  func contains(_ pid: Int32, onGPU index: Int) -> Bool {
    position(Key(device: Device(gpu: index), pid: pid)) != nil
  }
}

private func larger(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
  guard let left else { return right }
  return max(left, right ?? 0)
}
