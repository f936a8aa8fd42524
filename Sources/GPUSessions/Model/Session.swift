/// One compute process on one device, or the MPS server there.
package struct Session: Sendable, Equatable {
  /// `active` for a session; the MPS daemon is listed and not counted.
  package enum Status: String, Sendable {
    case active
    case mpsServer = "mps_server"
  }

  /// What a listed process was at the moment of sampling instead of alive.
  package enum Defunct: String, Sendable {
    /// Dead and not reaped: state `Z` or `X`.
    case zombie
    /// State `D`.
    case uninterruptible
    /// `/proc` no longer has the PID.
    case gone
  }

  package var device: Device
  /// UUID of the device: the GPU's, or the MIG instance's where it is known.
  package var deviceUUID: String?
  package var pid: Int32
  /// Basename of the executable as nvidia-smi names it, else the kernel's `comm`; empty if neither is known.
  package var command: String
  /// `C`, `C+G` or `M+C`; `nil` where neither pmon nor the XML tells.
  package var type: String?
  package var status: Status
  /// `nil` where the driver reports none.
  package var memoryBytes: UInt64?
  /// Memory of the device it runs on, `nil` if unknown.
  package var deviceMemoryBytes: UInt64?
  package var utilization: ProcessUtilization
  /// Seconds since 1970; `nil` for a process that could not be read or is not the one listed.
  package var startTimeSeconds: Double?
  package var sharedOwner: SharedOwner
  /// The state letter of `/proc/PID/stat`; `nil` as for the start time.
  package var state: UInt8?
  /// `nil` for a process that is alive, or of which nothing is known.
  package var defunct: Defunct?

  package var owner: Owner {
    get { sharedOwner.owner }
    set { sharedOwner = SharedOwner(newValue) }
  }

  /// Memory it holds in percent of its device's, 0 to 100; `nil` where either is not known.
  package var memoryUtilization: Double? {
    guard let memoryBytes, let deviceMemoryBytes, deviceMemoryBytes > 0 else { return nil }
    return min(100, Double(memoryBytes) / Double(deviceMemoryBytes) * 100)
  }
}

/// One row of pmon, in percent. `-` is `nil`: not zero.
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

/// An owner that all the processes of a container have in common.
package final class SharedOwner: Sendable, Equatable {
  package let owner: Owner

  package init(_ owner: Owner) { self.owner = owner }

  /// That of a process of which nothing is known.
  package static let unknown = SharedOwner(Owner())

  package static func == (left: SharedOwner, right: SharedOwner) -> Bool {
    left === right || left.owner == right.owner
  }
}

/// Whose process it is. Everything empty or `nil`: nothing is known, or it runs outside of any container.
package struct Owner: Sendable, Equatable {
  /// The pod's name, `pod-<uid>` where only the UID is known, empty outside of pods.
  package var pod = ""
  package var namespace = ""
  package var container = ""
  package var podUID: PodUID?
  package var containerID: String?
  package var runtime: String?
  /// The real user ID; only outside of containers and only if asked for.
  package var uid: UInt32?
  /// The user's name, else the number.
  package var user: String?
  /// Systemd unit, session, PBS job or HTCondor slot.
  package var unit: String?
  /// The job's number, or its SLUID where the number cannot be had.
  package var slurmJobID: String?

  package init() {}
}
