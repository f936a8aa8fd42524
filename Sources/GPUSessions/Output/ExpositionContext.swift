/// A node that was read, and what is worked out once for all its families.
struct ExpositionContext: Sendable {
  let node: NodeState
  /// The rows of the process families: device by device its processes, and behind them a placeholder if the device is idle.
  private(set) var processes: [ProcessRow] = []
  /// The devices that were read.
  private(set) var devices: [ReadDevice] = []
  /// The labels that all families of a process have, of all ``processes`` one after another. They are rendered once: a
  /// process has up to nine samples.
  private(set) var labels: [UInt8] = []
  /// Where the labels of each of ``processes`` end.
  private var labelEnds: [Int] = []

  init(_ node: NodeState, _ options: Options) {
    self.node = node
    processes.reserveCapacity(node.sessions.count)
    labelEnds.reserveCapacity(node.sessions.count)
    // Sessions and devices are both sorted by device.
    let sessions = node.sessions.span
    var index = 0
    for named in node.inventory.readDevices {
      var sessionCount = 0
      while index < sessions.count, sessions[index].device <= named.device {
        if sessions[index].device == named.device {  // The device of any other was not read.
          if sessions[index].status == .active { sessionCount += 1 }
          add(ProcessRow(named.device, sessions[index].deviceUUID, sessions[index], options))
        }
        index += 1
      }
      if sessionCount == 0, node.isIdle(withoutSession: named.device) {
        add(ProcessRow(named.device, named.uuid, nil, options))
      }
      if sessionCount > 0 || node.hasNoOtherSession(on: named.device) {
        devices.append(ReadDevice(device: named.device, sessionCount: sessionCount))
      }
    }
  }

  private mutating func add(_ row: ProcessRow) {
    processes.append(row)
    labels.append(processColumns, of: row)
    labelEnds.append(labels.count)
  }

  /// Where the rendered labels of one of the ``processes`` stand in ``labels``.
  func labels(ofProcessAt index: Int) -> Range<Int> { (index == 0 ? 0 : labelEnds[index - 1])..<labelEnds[index] }

  var inventory: Inventory { node.inventory }
}

/// A device that was read, with the number of its sessions.
struct ReadDevice: Sendable {
  var device: Device
  var sessionCount: Int
}

/// A process on a device, or the placeholder of a device without sessions.
///
/// A class, because up to nine families walk the rows.
final class ProcessRow: Sendable {
  let device: Device
  let deviceUUID: String?
  /// `nil` for the placeholder.
  let session: Session?
  private let hasMemoryLabel: Bool

  init(_ device: Device, _ deviceUUID: String?, _ session: Session?, _ options: Options) {
    self.device = device
    self.deviceUUID = deviceUUID
    self.session = session
    hasMemoryLabel = options.hasMemoryLabel
  }

  /// The `gpu_memory` label, `0MiB` for the placeholder; `nil` if the label is not wanted.
  var memoryLabel: MemoryLabel? {
    if !hasMemoryLabel { return nil }
    return MemoryLabel(bytes: session == nil ? 0 : session?.memoryBytes)
  }
}
