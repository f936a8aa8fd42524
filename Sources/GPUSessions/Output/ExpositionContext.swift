/// A node that was read, and what is worked out once for all its families.
struct ExpositionContext: Sendable {
  let node: NodeState
  /// The rows of the process families: device by device its processes, or the placeholder of a device without sessions.
  let processes: [ProcessRow]

  init(_ node: NodeState, _ options: Options) {
    self.node = node
    let sessions = Dictionary(grouping: node.sessions, by: \.device)
    processes = node.inventory.readDevices.flatMap { device in
      let onDevice = sessions[device.device] ?? []
      var rows = onDevice.map { ProcessRow(device, $0, options) }
      if !onDevice.contains(where: { $0.status == .active }) { rows.append(ProcessRow(device, nil, options)) }
      return rows
    }
  }

  var inventory: Inventory { node.inventory }
}

/// A process on a device, or the placeholder of a device on which no session runs.
struct ProcessRow: Sendable {
  let device: Device
  let deviceUUID: String?
  /// `nil` for the placeholder.
  let session: Session?
  /// The `gpu_memory` label: `1024MiB`, empty if it is not known; `nil` if the label is not wanted.
  let memoryLabel: String?
  /// The labels that all families of a process have, rendered once: a process has up to nine samples.
  private(set) var labels: [UInt8] = []

  init(_ device: Inventory.NamedDevice, _ session: Session?, _ options: Options) {
    self.device = device.device
    deviceUUID = session == nil ? device.uuid : session?.deviceUUID
    self.session = session
    let mebibytes = session == nil ? 0 : session?.memoryBytes.map { $0 / 1_048_576 }
    memoryLabel = options.hasMemoryLabel ? mebibytes.map { "\($0)MiB" } ?? "" : nil
    labels = ExpositionWriter.labels(processColumns, of: self)
  }
}
