/// The process of a container runtime that supervises a container from outside.
package struct RuntimeMonitor: Sendable, Equatable {
  /// Which program it is.
  package enum Kind: Sendable, Equatable { case conmon, containerdShim }

  package var kind: Kind
  /// Its command line, the program first.
  package var arguments: [[UInt8]]

  /// Reads a command line (`/proc/<pid>/cmdline`); `nil` if kernel name and program are not those of a monitor.
  init?(comm: [UInt8], commandLine: [UInt8]) {
    let arguments = commandLine.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard let kind = RuntimeMonitor.kind(comm: comm), let program = arguments.first else { return nil }
    let name = basename(program)
    guard kind == .conmon ? name.equals("conmon") : name.starts(with: "containerd-shim") else { return nil }
    self.kind = kind
    self.arguments = arguments
  }

  /// The kind by the kernel's name, cut at 15 bytes (`containerd-shim-runc-v2`); `nil` for other processes.
  static func kind(comm: [UInt8]) -> Kind? {
    if comm.equals("conmon") { return .conmon }
    return comm.equals("containerd-shim") ? .containerdShim : nil
  }
}

/// Finds the monitor above a container's process.
struct RuntimeMonitors: Sendable {
  private struct Found: Sendable {
    var monitor: RuntimeMonitor
    /// The user whose slice the process lies below; `nil` for a process of root outside of all users' slices.
    var user: UInt32?
  }

  private var ancestors: Ancestors<Found?>

  init(node: ProcFS) {
    ancestors = Ancestors(node: node) { stat, file in
      RuntimeMonitor.kind(comm: stat.comm) == nil ? nil : RuntimeMonitors.monitor(stat, node, file)
    }
  }

  /// The nearest monitor among the ancestors of this process; `nil` if none is found.
  ///
  /// A workload may call itself conmon, so only a process of root that no workload's cgroup holds is taken for a monitor;
  /// for a user's own container, a process of that user below the user's slice. The command line of a workload is never
  /// read.
  mutating func monitor(above process: ProcessStat, in identity: CgroupIdentity) -> RuntimeMonitor? {
    ancestors.first(above: process) { _, found in
      found?.user == (identity.isRootless ? identity.uid : nil) ? found?.monitor : nil
    }
  }

  /// Reads a process that is called like a monitor; `nil` if it is none.
  private static func monitor(
    _ stat: ProcessStat, _ node: ProcFS, _ file: Ancestors<Found?>.FileReader
  ) -> Found? {
    guard case .bytes(let cgroup) = file("cgroup", ProcFS.cgroupLimit),
      case .bytes(let status) = file("status", ProcFS.statusLimit), let status = ProcessStatus(status)
    else { return nil }
    let identity = cgroupIdentity(cgroup, in: node.nodeCgroup)
    let isWorkload =
      identity.containerID != nil || identity.isConflicting || identity.hasBatchJob || identity.lxc != nil
      || identity.machine != nil || (identity.podUID != nil && identity.role != .conmon)
      || status.isInNestedPIDNamespace && identity.isBlank
    // A user's own conmon is believed in the scope that podman makes for it; the user stands beside the name.
    guard !isWorkload, status.uid == identity.uid ?? 0, identity.uid == nil || identity.role == .conmon,
      case .bytes(let commandLine) = file("cmdline", RuntimeMonitors.commandLineLimit)
    else { return nil }
    return RuntimeMonitor(comm: stat.comm, commandLine: commandLine).map { Found(monitor: $0, user: identity.uid) }
  }

  private static let commandLineLimit = 256 << 10
}
