/// One compute process on one device, or the MPS server there.
///
/// A class, because it is handed on from stage to stage and to up to nine families, and has a dozen texts to copy.
package final class Session: Sendable {
  /// What the `status` label says. The MPS server is published and not counted as a session.
  package enum Status: String, Sendable {
    case active
    case mpsServer = "mps_server"
  }

  /// Why a listed process may hold its device without being able to use it.
  package enum Defunct: String, Sendable {
    /// The process has ended and its parent has not reaped it: state `Z` or `X` of proc_pid_stat(5).
    case zombie
    /// The process waits in the kernel and cannot be interrupted: state `D`.
    case uninterruptible
    /// `/proc` no longer has the PID.
    case gone

    /// Reads the state letter of `/proc/PID/stat`; `nil` for every other state.
    package init?(state: UInt8) {
      switch state {
      case UInt8(ascii: "Z"), UInt8(ascii: "X"), UInt8(ascii: "x"): self = .zombie
      case UInt8(ascii: "D"): self = .uninterruptible
      default: return nil
      }
    }
  }

  package let device: Device
  /// The UUID of the GPU or of the MIG instance; `nil` if it is not known.
  package let deviceUUID: String?
  package let pid: Int32
  /// The program's name: see ``programName(printed:comm:)``; empty if it is not known.
  package let command: String
  /// `C`, `C+G` or `M+C`, as nvidia-smi names types; `nil` if neither the table nor pmon tells.
  package let type: String?
  package let status: Status
  /// Device memory that the process holds; `nil` if the driver reports none.
  package let memoryBytes: UInt64?
  /// Memory of the whole device; `nil` if it is not known.
  package let deviceMemoryBytes: UInt64?
  package let utilization: ProcessUtilization
  /// When the process started, in seconds since 1970; `nil` if it could not be read or is not the one listed.
  package let startTimeSeconds: Double?
  package let owner: Owner
  /// The real user ID. It is read outside of containers only, and only if the `user` label is wanted.
  package let uid: UInt32?
  /// The name of that user on the node, or the user ID in digits.
  package let user: String?
  /// `nil` for a process that is alive, and for one of which nothing is known.
  package let defunct: Defunct?

  package init(
    device: Device, deviceUUID: String?, pid: Int32, command: String, type: String?, status: Status,
    memoryBytes: UInt64?, deviceMemoryBytes: UInt64?, utilization: ProcessUtilization, startTimeSeconds: Double?,
    owner: Owner, uid: UInt32? = nil, user: String? = nil, defunct: Defunct? = nil
  ) {
    (self.device, self.deviceUUID, self.pid) = (device, deviceUUID, pid)
    (self.command, self.type, self.status) = (command, type, status)
    (self.memoryBytes, self.deviceMemoryBytes) = (memoryBytes, deviceMemoryBytes)
    (self.utilization, self.startTimeSeconds) = (utilization, startTimeSeconds)
    (self.owner, self.uid, self.user, self.defunct) = (owner, uid, user, defunct)
  }

  /// The share of the device's memory that the process holds, in percent, 0 to 100; `nil` if either is not known.
  package var memoryUtilization: Double? {
    guard let memoryBytes, let deviceMemoryBytes, deviceMemoryBytes > 0 else { return nil }
    return min(100, Double(memoryBytes) / Double(deviceMemoryBytes) * 100)
  }
}

/// The utilization columns of one row of `nvidia-smi pmon`, in percent. A dash in a column is `nil`, not 0.
package struct ProcessUtilization: Sendable, Equatable {
  package var sm: Double?
  package var memoryBandwidth: Double?
  package var encoder: Double?
  package var decoder: Double?

  package init(
    sm: Double? = nil, memoryBandwidth: Double? = nil, encoder: Double? = nil, decoder: Double? = nil
  ) {
    self.sm = sm
    self.memoryBandwidth = memoryBandwidth
    self.encoder = encoder
    self.decoder = decoder
  }
}
