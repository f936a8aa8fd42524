/// One run as the families are written from it.
struct ExpositionContext {
  let snapshot: Snapshot
  let options: Options
  /// The labels that all series of one process have, by its position among the sessions.
  let processLabels: RenderedLabels
  /// Those that all readings of one GPU have, by its position.
  let gpuLabels: RenderedLabels
  let sessionCounts: SessionCounts

  init(_ snapshot: Snapshot, _ options: Options) {
    self.snapshot = snapshot
    self.options = options
    sessionCounts = SessionCounts(snapshot)
    let sessions = snapshot.failure == nil ? snapshot.sessions : []
    var (device, command) = (LastLabel(), RepeatedLabel("command"))
    let closing = ExpositionWriter.closing(options.labels)
    let gpus = snapshot.failure == nil ? snapshot.gpus : []
    gpuLabels = RenderedLabels(count: gpus.count, closing: closing) { index, labels in
      labels.append(label: "gpu", "\(gpus[index].index)")
      labels.append(label: "uuid", gpus[index].uuid)
    }
    processLabels = RenderedLabels(count: sessions.count, closing: closing) { index, labels in
      device.append(sessions[index].device, to: &labels)
      labels.append(.pid, decimal: sessions[index].pid)
      labels.append(UInt8(ascii: "\""))
      labels += command.with(sessions[index].command)
      let owner = sessions[index].sharedOwner
      labels.append(.pod, owner.owner.pod)
      labels.append(.namespace, owner.owner.namespace)
      labels.append(.container, owner.owner.container)
    }
  }
}

/// The `gpu` label of one session after another, rendered when the device changes.
private struct LastLabel {
  private var device: Device?
  private var rendered: [UInt8] = []

  mutating func append(_ device: Device, to labels: inout [UInt8]) {
    if device != self.device {
      self.device = device
      rendered = []
      rendered.append(label: "gpu", device.label)
    }
    labels += rendered
  }
}

/// Sessions by device.
struct SessionCounts {
  private var counts: [(device: Device, count: Int)] = []

  init(_ snapshot: Snapshot) {
    let sessions = snapshot.sessions
    // They are sorted by device.
    for index in sessions.indices where sessions[index].status == .active {
      if counts.last?.device != sessions[index].device { counts.append((sessions[index].device, 0)) }
      counts[counts.count - 1].count += 1
    }
  }

  /// 0 for a device without any.
  subscript(device: Device) -> Int { counts.reduce(0) { $1.device == device ? $0 + $1.count : $0 } }

  var total: Int { counts.reduce(0) { $0 + $1.count } }
}
