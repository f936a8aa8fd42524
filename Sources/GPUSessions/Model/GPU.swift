/// One physical GPU as `nvidia-smi --query-gpu` reports it. A value that it does not report is `nil` or empty.
package struct GPU: Sendable, Equatable {
  /// The field `mig.mode.current`.
  package enum MIGMode: Sendable {
    case enabled, disabled
    /// The GPU or the driver does not support MIG.
    case unsupported
    /// `[N/A]` on a product that has MIG, as in a guest with a virtual GPU.
    case notReported
    /// A value that does not tell the mode, such as `[Unknown Error]`.
    case unknown
  }

  /// Why a GPU or the processes on it could not be read.
  package enum UnreadableReason: Sendable {
    /// The GPU does not answer the driver.
    case lost
    /// NVML does not show it to this user: `[Insufficient Permissions]`.
    case forbidden
    /// MIG is on, and nvidia-smi's table does not list the instances.
    case instances
    /// A field that every GPU has holds no value.
    case unknown
  }

  package var index: Int
  package var uuid: String
  /// The PCI bus ID in nvidia-smi's form, `00000000:3B:00.0`.
  package var busID: String
  /// The product's name, `NVIDIA H100 80GB HBM3` for instance.
  package var name: String
  package var driverVersion: String
  package var migMode: MIGMode
  /// The share of time in which a kernel ran, in percent, 0 to 100.
  package var utilization: Double?
  package var memoryTotalBytes: UInt64?
  package var memoryUsedBytes: UInt64?
  package var temperatureCelsius: Double?
  package var powerWatts: Double?
  package var powerLimitWatts: Double?
  /// Which processes may use the GPU, in nvidia-smi's words: `Default`, `Exclusive_Process`, `Prohibited`.
  package var computeMode: String?
  /// What the driver says is needed before the GPU works again, in nvidia-smi's words: `None`, `Reset`, `Reboot`,
  /// `Drain P2P`, `Drain and Reset`.
  package var recoveryAction: String?
  /// Whether the driver keeps the clocks low because nothing runs on the GPU. `false` does not prove that something runs.
  package var areClocksIdle: Bool?
  /// Whether the MIG mode changes when the GPU is next reset.
  package var isMIGModePending = false
  /// `nil` if the GPU and the processes on it were read.
  package var unreadableReason: UnreadableReason?
  /// What nvidia-smi itself says about a GPU that could not be read; `nil` if it says nothing.
  package var complaint: String?
  /// Memory in use that no listed process holds; `nil` if the memory of a process is not known.
  package var memoryUnattributedBytes: UInt64?
  /// What speaks against calling the GPU's devices idle.
  package var doubts: Doubts = []

  /// Whether MIG is on, or it is not known that it is off.
  package var mayHaveMIG: Bool { migMode != .disabled && migMode != .unsupported }

  /// The recovery action if the GPU needs one; `nil` if it needs none or the driver does not say.
  package var neededRecovery: String? { recoveryAction == "None" ? nil : recoveryAction }

  /// Whether the GPU is a part of a system on a chip: its UUID has no `GPU-` (Jetson Orin, driver 540).
  package var isIntegrated: Bool { !uuid.isEmpty && !uuid.hasPrefix("GPU-") }

  /// Whether the GPU and the processes on it were read.
  package var isReadable: Bool { unreadableReason == nil }
}

/// A GPU that has no row in the GPU list, only a message that it cannot be reached.
package struct LostGPU: Sendable, Equatable {
  /// nvidia-smi's index; `nil` if the message names only the bus ID, as older drivers do.
  package var index: Int?
  /// The PCI bus ID in the form of the GPU list, `00000000:34:00.0`; empty if the message names none.
  package var busID: String
  /// The message, as ``GPU/complaint``.
  package var complaint: String?
}
