/// One physical GPU as `nvidia-smi --query-gpu` reports it. What it does not report is `nil` or empty.
package struct GPU: Sendable, Equatable {
  /// Whether MIG is on, as `mig.mode.current` says.
  package enum MIGMode: String, Sendable {
    case enabled = "Enabled"
    case disabled = "Disabled"
    /// The GPU or the driver knows no MIG.
    case unsupported = ""
  }

  /// Why a GPU or the processes on it could not be read.
  package enum UnreadableReason: Sendable {
    /// It does not answer the driver.
    case lost
    /// NVML keeps it from this user: `[Insufficient Permissions]`.
    case forbidden
    /// MIG is on, and nvidia-smi's document does not tell its instances.
    case instances
    /// Cells that should hold a value do not.
    case unknown
  }

  package var index: Int
  package var uuid: String
  /// As printed: `00000000:3B:00.0`.
  package var busID: String
  package var name: String
  package var driverVersion: String
  package var migMode: MIGMode
  /// Percent, 0 to 100.
  package var utilization: Double?
  package var memoryTotalBytes: UInt64?
  package var memoryUsedBytes: UInt64?
  package var temperatureCelsius: Double?
  package var powerWatts: Double?
  package var powerLimitWatts: Double?
  /// `nil` where the GPU and the processes on it were read.
  package var unreadableReason: UnreadableReason?
  /// What no listed process holds; `nil` where the figures do not suffice to tell.
  package var memoryUnattributedBytes: UInt64?

  /// False as soon as the GPU itself or the processes on it could not be read.
  package var isReadable: Bool { unreadableReason == nil }
}

/// A GPU that nvidia-smi only complains about: it has no row.
package struct LostGPU: Sendable, Equatable {
  /// `nil` where the message names only the bus ID (older drivers).
  package var index: Int?
  /// In the form of the GPU list, `00000000:34:00.0`, whatever the message prints; empty if it names none.
  package var busID: String
}
