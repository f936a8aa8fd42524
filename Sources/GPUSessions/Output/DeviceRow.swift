/// The line of one device in the table of `show`: a physical GPU, or a MIG compute instance below its GPU.
struct DeviceRow {
  /// The device whose sessions follow the line; `nil` if it cannot have sessions.
  var device: Device?
  var isPhysical: Bool
  private var title: String
  private var subtitle: String
  private var shown: ShownDevice
  private var state: State
  /// Whether the device is a GPU in MIG mode or an instance. The driver mostly reports no utilization of these.
  private var hasMIG: Bool
  /// Whether other compute instances share the memory. The memory shown is then that of all of them.
  private var isMemoryShared = false
  /// What else a person has to know about the GPU, as nvidia-smi words it.
  private var notes: [String] = []

  /// What the end of the line says.
  private enum State {
    /// The device has sessions. The kubelet has also handed it to these pods, which have none on it.
    case busy(unusedBy: [String])
    /// The device has no session. The kubelet has handed it to these pods.
    case idle(holders: [String])
    case unreadable
    /// It is not known whether the device is idle.
    case unknown
    /// A GPU in MIG mode without an instance.
    case noInstance
    /// A GPU in MIG mode with instances, which have lines of their own.
    case divided
  }

  /// The widths of the parts that are aligned in all lines, in columns.
  struct Measures {
    fileprivate var title: Int
    fileprivate var memory: Int
    fileprivate var hasBar: Bool

    init(_ rows: [DeviceRow], _ page: Page) {
      memory = rows.map { $0.memory.columns }.max() ?? 0
      hasBar = page.width >= 70
      let widest = rows.map { $0.title.columns + 2 + $0.subtitle.columns }.max() ?? 0
      // Beside the title stand bar, memory, utilization and the state.
      let others = memory + (hasBar ? 14 : 0) + 2 + 7 + 6
      title = min(widest, max(16, page.width - others))
    }
  }

  private var memory: String { Quantity.memory(used: shown.memoryUsedBytes, total: shown.memoryTotalBytes) }

  /// The line with aligned parts.
  func line(_ measures: Measures) -> TableLine {
    var line = TableLine()
    line.add(title, isPhysical ? .strong : .plain)
    line.add("  " + subtitle.fitted(max(0, measures.title - title.columns - 2)))
    if case .unreadable = state {
      line.add("  unreadable", .bad)
      return line
    }
    if measures.hasBar { line.add("  " + Quantity.bar(used: shown.memoryUsedBytes, total: shown.memoryTotalBytes)) }
    line.add("  " + memory.fitted(measures.memory, atRight: true))
    let isSilent = hasMIG && shown.utilization == nil
    line.add("  " + (isSilent ? "" : Quantity.percent(shown.utilization)).fitted(5, atRight: true))
    if isMemoryShared { line.add("  shared", .faint) }
    addState(to: &line)
    for note in notes { line.add("  " + note.printable, .caution) }
    return line
  }

  private func addState(to line: inout TableLine) {
    switch state {
    case .divided, .unreadable: break
    case .busy(let holders):
      if !holders.isEmpty {
        line.add("  also held by " + holders.map(\.printable).joined(separator: ", ") + " (unused)")
      }
    case .unknown: line.add("  not known to be idle", .faint)
    case .noInstance: line.add("  MIG on, no instance", .faint)
    case .idle(let holders):
      line.add("  idle", .good)
      if !holders.isEmpty { line.add(", held by " + holders.map(\.printable).joined(separator: ", ")) }
    }
  }
}

extension DeviceRow {
  /// The rows of all devices: GPUs by index, instances below their GPU.
  static func all(_ node: NodeState) -> [DeviceRow] {
    var rows: [DeviceRow] = []
    let allocations = Dictionary(grouping: node.allocations, by: \.device)
    let sessions = Dictionary(grouping: node.sessions + node.omitted.sessions, by: \.device)
    // GPUs in MIG mode are no devices of their own, but have a line above their instances.
    var rest = node.inventory.gpus.filter { $0.isReadable && $0.migMode == .enabled }[...]
    func addMIGGPUs(upTo index: Int) {
      while let gpu = rest.first, gpu.index <= index {
        rest = rest.dropFirst()
        rows.append(DeviceRow(inMIGMode: gpu, node))
      }
    }
    for shown in shownDevices(node) {
      addMIGGPUs(upTo: shown.device?.gpu ?? .max)
      let (held, used) = shown.device.map { (allocations[$0] ?? [], sessions[$0] ?? []) } ?? ([], [])
      rows.append(DeviceRow(shown, node, held, used))
    }
    addMIGGPUs(upTo: .max)
    return rows
  }

  /// The pods to which the kubelet has handed a device, each once, without those with these UIDs.
  private static func holders(_ allocations: [Allocation], without users: Set<PodUID> = []) -> [String] {
    var seen: Set<String> = []
    return allocations.filter { !users.contains($0.podUID) }
      .map { $0.namespace.isEmpty ? $0.pod : "\($0.namespace)/\($0.pod)" }
      .filter { seen.insert($0).inserted }
  }

  /// The pods that hold the device and have no session on it; none if a session may be theirs.
  private static func unusedHolders(
    of device: Device?, _ node: NodeState, _ allocations: [Allocation], _ sessions: [Session]
  ) -> [String] {
    guard let device, node.hasNoOtherSession(on: device), sessions.allSatisfy(\.hasKnownOwner) else { return [] }
    return holders(allocations, without: Set(sessions.compactMap(\.owner.podUID)))
  }

  /// `allocations` and `sessions` are those of the device.
  private init(_ shown: ShownDevice, _ node: NodeState, _ allocations: [Allocation], _ sessions: [Session]) {
    let instance = shown.device?.instance
    isPhysical = instance == nil
    hasMIG = instance != nil
    device = shown.status == .unreadable ? nil : shown.device
    self.shown = shown
    if instance == nil {
      title = "GPU \(shown.gpu ?? "?")"
      subtitle = ([shown.name ?? "", shown.busID].first { !$0.isEmpty } ?? "-").printable
      notes = node.inventory.gpus.first { $0.index == shown.device?.gpu }?.notes ?? []
    } else {
      title = "  " + (shown.gpu ?? "?")
      subtitle = (shown.profile ?? "-").printable
      isMemoryShared =
        (node.inventory.instances + node.omitted.instances).count {
          $0.device.gpu == shown.device?.gpu && $0.gpuInstanceID == instance?.gpuInstance
        } > 1
    }
    switch shown.status {
    case .active: state = .busy(unusedBy: DeviceRow.unusedHolders(of: shown.device, node, allocations, sessions))
    case .idle: state = .idle(holders: DeviceRow.holders(allocations))
    case .unreadable: state = .unreadable
    case .unknown: state = .unknown
    }
  }

  /// A GPU in MIG mode.
  private init(inMIGMode gpu: GPU, _ node: NodeState) {
    isPhysical = true
    hasMIG = true
    shown = ShownDevice(gpu)
    title = "GPU \(gpu.index)"
    subtitle = gpu.name.printable
    notes = gpu.notes
    let instances = node.inventory.instances + node.omitted.instances
    state = instances.contains { $0.device.gpu == gpu.index } ? .divided : .noInstance
  }
}

extension Session {
  /// Whether it is known whose pod's session it is, or that it is no pod's.
  fileprivate var hasKnownOwner: Bool {
    if owner.podUID != nil { return true }
    return !owner.isInContainer && (owner.unit != nil || owner.slurmJobID != nil)
  }
}

extension GPU {
  /// An exclusive compute mode, and the recovery action if there is one.
  fileprivate var notes: [String] {
    let exclusive = ["Exclusive_Process", "Exclusive_Thread", "Prohibited"]
    let mode = computeMode.flatMap { exclusive.contains($0) ? $0 : nil }
    let action = neededRecovery.map { "recovery action: " + $0 }
    return [mode, action].compactMap(\.self)
  }
}
