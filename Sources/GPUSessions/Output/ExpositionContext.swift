/// A node that was read, and what is worked out once for all its families.
struct ExpositionContext: Sendable {
  let node: NodeState
  /// The rows of the process families: device by device its processes, and behind them a placeholder if the device is idle.
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
    var index = 0
    for named in node.inventory.readDevices {
      while index < node.sessions.count, node.sessions[index].device <= named.device {
        let session = node.sessions[index]
        index += 1
        if session.device != named.device { continue }  // Its device was not read.
        rows.append(ProcessRow(named.device, session.deviceUUID, session, options))
      }
      if node.isIdle(named.device, sessionCounts) {
        rows.append(ProcessRow(named.device, named.uuid, nil, options))
      }
    }
    processes = rows
    processLabels = rows.map { ExpositionWriter.labels(processColumns, of: $0) }
  }

  var inventory: Inventory { node.inventory }
}

/// A process on a device, or the placeholder of a device without sessions.
///
/// A class: up to nine families walk the rows, and a copy of a session costs more instructions than its sample.
final class ProcessRow: Sendable {
  let device: Device
  let deviceUUID: String?
  /// `nil` for the placeholder.
  let session: Session?
  /// The `gpu_memory` label: `1024MiB`, `0MiB` for the placeholder, empty if it is not known; `nil` if the label is not wanted.
  let memoryLabel: String?

  init(_ device: Device, _ deviceUUID: String?, _ session: Session?, _ options: Options) {
    self.device = device
    self.deviceUUID = deviceUUID
    self.session = session
    let mebibytes = session == nil ? 0 : session?.memoryBytes.map { $0 / 1_048_576 }
    memoryLabel = options.hasMemoryLabel ? mebibytes.map { String($0) + "MiB" } ?? "" : nil
  }
}
