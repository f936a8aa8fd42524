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

/// Finds the monitor above a container's process. Each ancestor is read once in a run.
struct RuntimeMonitors: Sendable {
  private let node: ProcFS
  /// The value is `nil` for a process that could not be read.
  private var ancestors: [Int32: Ancestor?] = [:]

  private struct Ancestor {
    var stat: ProcessStat
    var monitor: RuntimeMonitor?
    /// The user whose slice the process lies below; `nil` for a process of root outside of all users' slices.
    var user: UInt32?
  }

  init(node: ProcFS) { self.node = node }

  /// The nearest monitor among the ancestors of this process; `nil` if none is found.
  ///
  /// A workload may call itself conmon, so only a process of root that no workload's cgroup holds is taken for a monitor;
  /// for a user's own container, a process of that user below the user's slice. The command line of a workload is never
  /// read.
  mutating func monitor(above process: ProcessStat, in identity: CgroupIdentity) -> RuntimeMonitor? {
    var child = process
    for _ in 0..<RuntimeMonitors.ancestorLimit where child.parent > 1 {
      // A parent that started later is another process to which the PID was given.
      guard let ancestor = ancestor(child.parent), ancestor.stat.startTicks <= child.startTicks else {
        return nil
      }
      if let monitor = ancestor.monitor, ancestor.user == (identity.isRootless ? identity.uid : nil) {
        return monitor
      }
      child = ancestor.stat
    }
    return nil
  }

  private mutating func ancestor(_ pid: Int32) -> Ancestor? {
    if let known = ancestors[pid] { return known }
    let found = read(pid)
    ancestors.updateValue(found, forKey: pid)  // A subscript would remove the key where nothing was found.
    return found
  }

  /// Reads one ancestor through one directory descriptor, so that all of it is of one process.
  private func read(_ pid: Int32) -> Ancestor? {
    var found: Ancestor?
    _ = node.openProcess(pid) { read in
      guard case .bytes(let bytes) = read("stat", ProcFS.statLimit), let stat = ProcessStat(bytes)
      else { return }
      var ancestor = Ancestor(stat: stat)
      if RuntimeMonitor.kind(comm: stat.comm) != nil { readMonitor(of: &ancestor, read) }
      found = ancestor
    }
    return found
  }

  /// Sets the monitor and its user if the process is one.
  private func readMonitor(of ancestor: inout Ancestor, _ read: (String, Int) -> FileRead) {
    guard case .bytes(let cgroup) = read("cgroup", ProcFS.cgroupLimit),
      case .bytes(let status) = read("status", ProcFS.statusLimit), let status = ProcessStatus(status)
    else { return }
    let identity = cgroupIdentity(cgroup, in: node.nodeCgroup)
    let isWorkload =
      identity.containerID != nil || identity.isConflicting || identity.hasBatchJob || identity.lxc != nil
      || identity.machine != nil || (identity.podUID != nil && identity.role != .conmon)
    // A user's own conmon is believed in the scope that podman makes for it; the user stands beside the name.
    guard !isWorkload, status.uid == identity.uid ?? 0, identity.uid == nil || identity.role == .conmon,
      case .bytes(let commandLine) = read("cmdline", RuntimeMonitors.commandLineLimit)
    else { return }
    ancestor.user = identity.uid
    ancestor.monitor = RuntimeMonitor(comm: ancestor.stat.comm, commandLine: commandLine)
  }

  private static let ancestorLimit = 64
  private static let commandLineLimit = 256 << 10
}
