extension Pipeline {
  /// Finds out which devices there are and which process runs on which; processes are sorted by device and PID.
  ///
  /// The answers at hand suffice for whole GPUs. nvidia-smi is asked again only if a GPU has MIG on, or may have.
  func placeProcesses(
    _ responses: SMIResponses, _ smi: NvidiaSMI, _ report: inout RunReport
  ) throws(CollectionFailure) -> (Inventory, [DeviceProcess]) {
    var responses = responses
    var inventory = Inventory(gpus: responses.gpuList.gpus, lostGPUs: responses.gpuList.lostGPUs)
    try findInstances(&responses, smi, &inventory, &report)
    var placement = Placement(responses, inventory)
    placement.placeListed()
    placement.judgeRows(of: responses.processList)
    placement.judgeRest()
    report.problems.add(placement.problems)
    return (placement.inventory, placement.processes)
  }
}

/// One process on one device, before it is known whose it is.
struct DeviceProcess {
  var device: Device
  /// The UUID of the GPU or of the MIG instance; `nil` if it is not known.
  var deviceUUID: String?
  var deviceMemoryBytes: UInt64?
  var pid: Int32
  /// Device memory that the process holds; `nil` if nvidia-smi prints no figure.
  var memoryBytes: UInt64?
  /// The name in nvidia-smi's table, raw; `nil` if it has none.
  var name: ArraySlice<UInt8>?
  /// `C`, `C+G`, `M+C`; `nil` if it is not known.
  var type: String?
  var utilization = ProcessUtilization()
}

/// Puts the processes of the process list on devices. nvidia-smi's table and pmon tell more of them, and add none.
struct Placement {
  var inventory: Inventory
  var problems = ProblemCounts()
  /// The rows of nvidia-smi's table, sorted by GPU and PID.
  let table: [SMITable.Process]
  let hasTable: Bool
  let pmon: Pmon?
  /// Indexes of the GPUs for which the table or pmon has a row that could not be read.
  let unreadRows: Set<Int>
  private let instances: [Device: MIGInstance]
  /// The memory of each process in the process list; the value is `nil` if the list has no figure.
  private(set) var memory: [ProcessKey: UInt64?] = [:]
  /// The processes by device, then PID.
  private(set) var processes: [DeviceProcess] = []

  init(_ responses: SMIResponses, _ inventory: Inventory) {
    self.inventory = inventory
    pmon = responses.pmon
    hasTable = responses.table.processes != nil
    table = (responses.table.processes ?? []).sorted { $0.key < $1.key }
    instances = Dictionary(inventory.instances.map { ($0.device, $0) }) { first, _ in first }
    unreadRows = responses.table.unreadGPUs.union(responses.pmon?.unreadGPUs ?? [])
    let uuids = inventory.gpus.map(\.uuid)
    for process in responses.processList.processes {
      let known = uuids.firstIndex(of: process.gpuUUID).map { inventory.gpus[$0] }
      if let gpu = known ?? gpu(ofDevice: process.gpuUUID) {
        if gpu.isReadable { add(process, onGPU: gpu.index) }
      } else {
        problems.add(.processRowUnknownGPU)
        doubt(.unplacedProcess, ofDevice: process.gpuUUID)
      }
    }
  }

  /// The GPU with this UUID, or with the MIG instance that has it; `nil` if there is none.
  func gpu(ofDevice uuid: String) -> GPU? {
    let parent = inventory.instances.first { $0.uuid == uuid }?.gpuUUID ?? uuid
    return uuid.isEmpty ? nil : inventory.gpus.first { $0.uuid == parent }
  }

  /// Adds a row of the process list. Of two rows of one process on one GPU the larger memory counts.
  private mutating func add(_ process: ListedProcess, onGPU index: Int) {
    let key = ProcessKey(gpu: index, pid: process.pid)
    guard let known = memory.updateValue(process.memoryBytes, forKey: key), known != process.memoryBytes else {
      return
    }
    problems.add(.processRowDuplicate)
    memory[key] = .some([known, process.memoryBytes].compactMap(\.self).max())
  }

  /// Puts each process of the list on the devices that it uses.
  mutating func placeListed() {
    let keys = memory.keys.sorted()
    var position = 0
    for key in keys {
      // Keys and GPUs are both sorted by index.
      while inventory.gpus[position].index < key.gpu { position += 1 }
      if inventory.gpus[position].migMode == .enabled {
        placeOnInstances(key, at: position)
      } else {
        place(key, at: position)
      }
    }
    if !instances.isEmpty { processes.sort { ($0.device, $0.pid) < ($1.device, $1.pid) } }
  }

  private mutating func place(_ key: ProcessKey, at position: Int) {
    let (gpu, rows, row) = (inventory.gpus[position], rows(of: key), pmon?.rows[key])
    // On a GPU of unknown MIG mode the table may show an instance that `-L` does not list.
    if gpu.migMode == .unknown, rows.contains(where: { $0.instance != nil }) {
      problems.add(.migUnplaced)
      inventory.gpus[position].doubts.insert(.unplacedProcess)
      return
    }
    processes.append(
      DeviceProcess(
        device: Device(gpu: gpu.index), deviceUUID: gpu.uuid, deviceMemoryBytes: gpu.memoryTotalBytes,
        pid: key.pid, memoryBytes: memory[key] ?? nil, name: name(rows), type: type(rows, row),
        utilization: row?.utilization ?? ProcessUtilization()))
  }

  /// The rows that the table has of this process.
  func rows(of key: ProcessKey) -> ArraySlice<SMITable.Process> {
    var (first, end) = (0, table.count)
    while first < end {
      let middle = (first + end) / 2
      if table[middle].key < key { first = middle + 1 } else { end = middle }
    }
    return table[first...].prefix { $0.key == key }
  }

  /// Puts a process on each MIG instance on which the table has it. One that is on none is counted.
  ///
  /// The list has one figure for the whole GPU, so of several instances each has the table's figure.
  private mutating func placeOnInstances(_ key: ProcessKey, at position: Int) {
    let places = Dictionary(grouping: rows(of: key)) { Device(gpu: key.gpu, instance: $0.instance) }
    for (device, rows) in places {
      guard let instance = instances[device] else { continue }
      let own = rows.compactMap(\.memoryBytes).max()
      processes.append(
        DeviceProcess(
          device: device, deviceUUID: instance.uuid, deviceMemoryBytes: instance.memoryTotalBytes,
          pid: key.pid, memoryBytes: places.count == 1 ? (memory[key] ?? nil) ?? own : own, name: name(rows[...]),
          type: type(rows[...], pmon?.rows[key])))
    }
    if places.isEmpty || !places.keys.allSatisfy({ instances[$0] != nil }) {
      problems.add(.migUnplaced)
      inventory.gpus[position].doubts.insert(.unplacedProcess)
    }
  }

  /// The name in these rows of the table; `nil` if there is none or if they have different ones.
  private func name(_ rows: ArraySlice<SMITable.Process>) -> ArraySlice<UInt8>? {
    guard let first = rows.first?.name, rows.allSatisfy({ $0.name == first }) else { return nil }
    return first
  }

  /// The type in these rows of the table and in pmon; `nil` if nothing tells it or if they contradict each other.
  ///
  /// The process list has no graphics processes, so `G` contradicts it.
  private mutating func type(_ rows: ArraySlice<SMITable.Process>, _ row: Pmon.Row?) -> String? {
    guard let first = rows.first?.type ?? row?.type else { return nil }
    if first != "G", rows.allSatisfy({ $0.type == first }), row?.type ?? first == first { return first }
    problems.add(.processContradicted)
    return nil
  }
}
