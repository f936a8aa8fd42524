/// The daemons of container runtimes, and the kubelet, that run on the node.
///
/// A workload may call itself dockerd, so only a process of root that no workload's cgroup holds is taken for one, and none
/// that is on a GPU. All processes are looked at once, when the first daemon is asked for.
struct RuntimeDaemons: Sendable {
  /// One running daemon.
  struct Daemon: Sendable {
    var pid: Int32
    /// The kernel's name.
    var name: String
    /// Its command line, the program first.
    var arguments: [ArraySlice<UInt8>]
  }

  private let node: ProcFS
  private let pidsOnGPUs: [Int32]
  /// `nil` until the processes have been looked at.
  private var daemons: [Daemon]?

  init(node: ProcFS, onGPUs: [Int32]) {
    self.node = node
    pidsOnGPUs = onGPUs
  }

  /// The daemons with this name, by PID.
  mutating func daemons(named name: String) -> [Daemon] {
    let all = daemons ?? scan()
    daemons = all
    return all.filter { $0.name == name }
  }

  private func scan() -> [Daemon] {
    guard case .entries(let names) = node.host.listDirectory(node.root) else { return [] }
    let pids = Set(names.compactMap { $0.decimal.flatMap { Int32(exactly: $0) } }).subtracting(pidsOnGPUs)
    return pids.sorted().prefix(RuntimeDaemons.processLimit).compactMap(daemon)
  }

  /// Reads one process through one directory descriptor, so that all of it is of one process.
  private func daemon(_ pid: Int32) -> Daemon? {
    var found: Daemon?
    _ = node.openProcess(pid) { read in
      guard case .bytes(let bytes) = read("stat", ProcFS.statLimit), let stat = ProcessStat(bytes),
        let name = RuntimeDaemons.names.first(where: { stat.comm.equals($0) }),
        case .bytes(let cgroup) = read("cgroup", ProcFS.cgroupLimit),
        case .bytes(let status) = read("status", ProcFS.statusLimit), let status = ProcessStatus(status)
      else { return }
      let identity = cgroupIdentity(cgroup, in: node.nodeCgroup)
      if identity.isContained || identity.hasBatchJob || identity.uid != nil { return }
      // A container without a cgroup of its own has a PID namespace of its own.
      if status.uid != 0 || status.isInNestedPIDNamespace && identity.isBlank { return }
      guard case .bytes(let line) = read("cmdline", RuntimeDaemons.commandLineLimit) else { return }
      found = Daemon(pid: pid, name: name, arguments: line.split(separator: 0, omittingEmptySubsequences: false))
    }
    return found
  }

  /// `dockerd-current` is Docker's as RHEL 7 packaged it, `hyperkube` the kubelet of releases before 1.19.
  static let names = ["dockerd", "dockerd-current", "containerd", "crio", "kubelet", "hyperkube"]
  private static let processLimit = 1 << 16
  private static let commandLineLimit = 256 << 10
}

/// The paths that the options with these names have, in the order of the arguments: `--name path` or `--name=path`, and of an
/// option of one letter `-n path`, `-n=path` or `-n/path` (spf13/pflag).
func optionPaths(_ names: [String], in arguments: [ArraySlice<UInt8>]) -> [String] {
  var values: [ArraySlice<UInt8>] = []
  for (index, argument) in arguments.enumerated().dropFirst() {
    for name in names where argument.starts(with: name) {
      let rest = argument.dropFirst(name.utf8.count)
      if rest.isEmpty, arguments.indices.contains(index + 1) {
        values.append(arguments[index + 1])
      } else if rest.first == UInt8(ascii: "=") {
        values.append(rest.dropFirst())
      } else if rest.first == UInt8(ascii: "/"), !name.hasPrefix("--") {
        values.append(rest)
      }
    }
  }
  return values.compactMap(absolutePath)
}
