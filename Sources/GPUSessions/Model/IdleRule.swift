extension GPU {
  /// What speaks against calling the devices of a GPU idle although no session on them is known.
  package struct Doubts: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A row of the process list, the table or pmon could not be read, and it is this GPU's or may be.
    package static let unreadRow = Doubts(rawValue: 1 << 0)
    /// A row of the process list says that the GPU or the driver does not list this process: `[Not Supported]`.
    package static let unlistableProcess = Doubts(rawValue: 1 << 1)
    /// It is not known on which device of the GPU a listed process runs.
    package static let unplacedProcess = Doubts(rawValue: 1 << 2)
    /// The table or pmon shows a compute process that the process list does not have.
    package static let unlistedProcess = Doubts(rawValue: 1 << 3)
    /// nvidia-smi has no process list for this GPU, as for integrated ones.
    package static let noProcessList = Doubts(rawValue: 1 << 4)
    /// nvidia-smi does not tell whether MIG is on.
    package static let migModeUnknown = Doubts(rawValue: 1 << 5)
    /// A graphics process, which is no session, was at work.
    package static let graphicsWork = Doubts(rawValue: 1 << 6)
  }
}

/// When a device is idle. Nothing else in the program decides it.
///
/// A device is idle if it was read, no session on it is known, and every row and every PID that any answer of nvidia-smi has
/// for its GPU was understood and placed. All that is against it is in ``GPU/doubts``.
extension NodeState {
  /// Whether a device of which no session is known is idle.
  package func isIdle(withoutSession device: Device) -> Bool { doubts(on: device).isEmpty }

  /// Whether a device of which no session is known has none: nvidia-smi lists no process that may be a session on it.
  ///
  /// Graphics work is no session: the device has none, and is not idle.
  package func hasNoOtherSession(on device: Device) -> Bool {
    doubts(on: device).subtracting(.graphicsWork).isEmpty
  }

  private func doubts(on device: Device) -> GPU.Doubts {
    inventory.gpus.first { $0.index == device.gpu }?.doubts ?? []
  }
}
