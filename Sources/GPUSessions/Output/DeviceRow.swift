/// The line of one device: a physical GPU, or below it a MIG compute instance.
struct DeviceRow {
  /// Where sessions are looked up; `nil` where none can be.
  var device: Device?
  var isPhysical: Bool
  private var title: String
  private var subtitle: String
  private var shown: ShownDevice
  private var state: State
  /// Whether other compute instances use the same memory: its figures are then those of all of them.
  private var isMemoryShared = false

  /// What stands at the end of the line.
  private enum State {
    case busy, idle(holders: [String]), unreadable, noInstance
    /// A GPU that is cut into instances: they have states of their own.
    case divided
  }

  /// How wide the parts are that stand below each other.
  struct Measures {
    fileprivate var title: Int
    fileprivate var memory: Int
    fileprivate var hasBar: Bool

    init(_ rows: [DeviceRow], _ page: Page) {
      memory = rows.map { $0.memory.columns }.max() ?? 0
      hasBar = page.width >= 70
      let widest = rows.map { $0.title.columns + 2 + $0.subtitle.columns }.max() ?? 0
      let others = memory + (hasBar ? 14 : 0) + 2 + 7 + 6
      title = min(widest, max(16, page.width - others))
    }
  }

  private var memory: String { Quantity.memory(used: shown.memoryUsedBytes, total: shown.memoryTotalBytes) }

  /// The line, its parts as wide as those of the others.
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
    // The driver reports none for a GPU in MIG mode.
    let isDivided = shown.device?.instance != nil || isCut
    line.add("  " + (isDivided ? "" : Quantity.percent(shown.utilization)).fitted(5, atRight: true))
    if isMemoryShared { line.add("  shared", .faint) }
    addState(to: &line)
    return line
  }

  private var isCut: Bool {
    switch state {
    case .divided, .noInstance: true
    case .busy, .idle, .unreadable: false
    }
  }

  private func addState(to line: inout TableLine) {
    switch state {
    case .busy, .divided, .unreadable: break
    case .noInstance: line.add("  MIG on, no instance", .faint)
    case .idle(let holders):
      line.add("  idle", .good)
      if !holders.isEmpty { line.add(", held by " + holders.map(\.printable).joined(separator: ", ")) }
    }
  }
}

extension DeviceRow {
  /// The rows of a run: GPUs in order, instances below theirs.
  static func all(_ node: NodeState) -> [DeviceRow] {
    var rows: [DeviceRow] = []
    var rest = node.inventory.gpus.filter { $0.isReadable && $0.migMode == .enabled }[...]
    func addCut(upTo index: Int) {
      while let gpu = rest.first, gpu.index <= index {
        rest = rest.dropFirst()
        rows.append(DeviceRow(cut: gpu, node))
      }
    }
    for shown in shownDevices(node) {
      addCut(upTo: shown.device?.gpu ?? .max)
      rows.append(DeviceRow(shown, node))
    }
    addCut(upTo: .max)
    return rows
  }

  /// Pods to which the device was handed out, each once.
  private static func holders(of device: Device?, _ node: NodeState) -> [String] {
    var names: [String] = []
    for allocation in node.allocations where allocation.device == device {
      let name = allocation.namespace.isEmpty ? allocation.pod : "\(allocation.namespace)/\(allocation.pod)"
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  private init(_ shown: ShownDevice, _ node: NodeState) {
    let instance = shown.device?.instance
    isPhysical = instance == nil
    device = shown.sessions == nil ? nil : shown.device
    self.shown = shown
    if instance == nil {
      title = "GPU \(shown.gpu ?? "?")"
      subtitle = (shown.name ?? shown.busID).printable
    } else {
      title = "  " + (shown.gpu ?? "?")
      subtitle = (shown.profile ?? "-").printable
      isMemoryShared =
        node.inventory.instances.count {
          $0.gpuUUID == shown.gpuUUID && $0.gpuInstanceID == instance?.gpuInstance
        } > 1
    }
    switch shown.status {
    case .active: state = .busy
    case .idle: state = .idle(holders: DeviceRow.holders(of: shown.device, node))
    case .unreadable: state = .unreadable
    }
  }

  /// A GPU with MIG on, above its instances if it has any.
  private init(cut gpu: GPU, _ node: NodeState) {
    isPhysical = true
    shown = ShownDevice(gpu, sessions: 0)
    title = "GPU \(gpu.index)"
    subtitle = gpu.name.printable
    state = node.inventory.instances.contains { $0.gpuUUID == gpu.uuid } ? .divided : .noInstance
  }
}
