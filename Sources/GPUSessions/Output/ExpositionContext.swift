/// A node that was read, and what is worked out once for all its families.
struct ExpositionContext: Sendable {
  let node: NodeState
  /// The rows of the process families: device by device its processes, or the placeholder of a device without sessions.
  let processes: [ProcessRow]
  /// The labels that all families of a process have, rendered once for each of ``processes``: a process has up to nine
  /// samples.
  let processLabels: [[UInt8]]
  /// How many sessions each device has.
  let sessionCounts: [Device: Int]

  init(_ node: NodeState, _ options: Options) {
    self.node = node
    sessionCounts = node.sessionCounts
    var rows: [ProcessRow] = []
    // Sessions and devices are both sorted by device.
    var rest = node.sessions[...]
    for (device, uuid) in node.inventory.readDevices.map({ ($0.device, $0.uuid) }) {
      rest = rest.drop { $0.device < device }
      let sessions = rest.prefix { $0.device == device }
      rest = rest.dropFirst(sessions.count)
      rows += sessions.map { ProcessRow(device, $0.deviceUUID, $0, options) }
      if sessionCounts[device] == nil { rows.append(ProcessRow(device, uuid, nil, options)) }
    }
    processes = rows
    processLabels = rows.map { ExpositionWriter.labels(processColumns, of: $0) }
  }

  var inventory: Inventory { node.inventory }
}

/// A process on a device, or the placeholder of a device on which no session runs.
///
/// A class: up to nine families walk the rows, and a copy of a session costs more instructions than its sample.
final class ProcessRow: Sendable {
  let device: Device
  let deviceUUID: String?
  /// `nil` for the placeholder.
  let session: Session?
  /// The `gpu_memory` label: `1024MiB`, empty if it is not known; `nil` if the label is not wanted.
  let memoryLabel: String?

  init(_ device: Device, _ deviceUUID: String?, _ session: Session?, _ options: Options) {
    self.device = device
    self.deviceUUID = deviceUUID
    self.session = session
    let mebibytes = session == nil ? 0 : session?.memoryBytes.map { $0 / 1_048_576 }
    memoryLabel = options.hasMemoryLabel ? mebibytes.map { "\($0)MiB" } ?? "" : nil
  }
}
