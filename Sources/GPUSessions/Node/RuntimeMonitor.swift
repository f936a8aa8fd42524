/// The process of a container runtime that watches over a container, from outside of it.
package struct RuntimeMonitor: Sendable, Equatable {
  /// Which program it is.
  package enum Kind: Sendable, Equatable { case conmon, containerdShim }

  package var kind: Kind
  /// Its command line, the program first.
  package var arguments: [[UInt8]]

  /// By the name the kernel gives it, cut at 15 bytes: `containerd-shim-runc-v2` and its like.
  init?(comm: [UInt8], commandLine: [UInt8]) {
    let arguments = commandLine.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard let kind = RuntimeMonitor.kind(comm: comm), let program = arguments.first else { return nil }
    let name = basename(program)
    guard kind == .conmon ? name.equals("conmon") : name.starts(with: "containerd-shim") else { return nil }
    self.kind = kind
    self.arguments = arguments
  }

  static func kind(comm: [UInt8]) -> Kind? {
    if comm.elementsEqual("conmon".utf8) { return .conmon }
    return comm.elementsEqual("containerd-shim".utf8) ? .containerdShim : nil
  }
}

/// Finds the runtime's process above a container's; of the processes on the way each is read once in a run.
struct RuntimeMonitors: Sendable {
  private let node: ProcFS
  /// `.some(nil)` for one that could not be read.
  private var ancestors: [Int32: Ancestor?] = [:]

  private struct Ancestor {
    var stat: ProcessStat
    var monitor: RuntimeMonitor?
  }

  init(node: ProcFS) { self.node = node }

  /// The runtime's process among the ancestors of this one; `nil` if none is found.
  ///
  /// Only its own command line is read, never that of a workload. A workload may call itself conmon, so
  /// a process inside of any container is none: its cgroup must name no container.
  mutating func monitor(above process: ProcessStat) -> RuntimeMonitor? {
    var child = process
    for _ in 0..<RuntimeMonitors.ancestorLimit where child.parent > 1 {
      guard let ancestor = ancestor(child.parent), ancestor.stat.startTicks <= child.startTicks else {
        return nil
      }
      if let monitor = ancestor.monitor { return monitor }
      child = ancestor.stat
    }
    return nil
  }

  private mutating func ancestor(_ pid: Int32) -> Ancestor? {
    if let known = ancestors[pid] { return known }
    let found = read(pid)
    ancestors[pid] = .some(found)
    return found
  }

  /// One ancestor, everything read through one directory descriptor.
  private func read(_ pid: Int32) -> Ancestor? {
    var found: Ancestor?
    _ = node.openProcess(pid) { read in
      guard case .bytes(let bytes) = read("stat", ProcFS.statLimit), let stat = ProcessStat(bytes)
      else { return }
      found = Ancestor(stat: stat, monitor: RuntimeMonitor.kind(comm: stat.comm) == nil ? nil : monitor(stat, read))
    }
    return found
  }

  private func monitor(_ stat: ProcessStat, _ read: (String, Int) -> FileRead) -> RuntimeMonitor? {
    guard case .bytes(let cgroup) = read("cgroup", ProcFS.cgroupLimit) else { return nil }
    let identity = cgroupIdentity(cgroup)
    guard identity.containerID == nil, !identity.isConflicting,
      case .bytes(let commandLine) = read("cmdline", RuntimeMonitors.commandLineLimit)
    else { return nil }
    return RuntimeMonitor(comm: stat.comm, commandLine: commandLine)
  }

  private static let ancestorLimit = 64
  private static let commandLineLimit = 256 << 10
}
