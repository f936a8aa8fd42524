/// One look at every process of the node: how many can be read, and which are node_exporter.
struct ProcessScan: Sendable {
  /// The PIDs in `/proc`, or why they could not be listed.
  let listing: DirectoryRead<[Int32]>
  /// How many processes there are, without those that ended during the scan.
  private(set) var count = 0
  /// How many of them have a `stat` that cannot be read.
  private(set) var unreadable = 0
  /// Whether PID 1 is among them.
  private(set) var hasFirst = false
  /// Whether the deadline passed before all processes were looked at.
  private(set) var isCutShort = false
  /// The first 16 that are found: a process can call itself node_exporter.
  private(set) var exporters: [NodeExporter] = []
  /// The PIDs of those that lie below a user's slice. They belong to that user and are not looked at.
  private(set) var exportersOfUsers: [Int32] = []
  /// The first 16 of Grafana's agents that are found.
  private(set) var agents: [GrafanaAgent] = []

  /// Reads `stat` of each process until the deadline. The command line is read only of a node_exporter, and never of a
  /// process in `busy`, the PIDs on GPUs.
  init(_ host: Host, proc: String, leaving busy: Set<Int32>, until deadline: Nanoseconds) {
    switch host.listDirectory(proc) {
    case .absent: listing = .absent
    case .failed(let errno): listing = .failed(errno)
    case .entries(let names):
      let pids = names.compactMap { $0.decimal.flatMap { Int32(exactly: $0) } }.filter { $0 > 0 }.sorted()
      listing = .entries(pids)
      let withProcess = host.openProcesses(proc)
      for pid in pids {
        if host.now() > deadline {
          isCutShort = true
          return
        }
        look(at: pid, withProcess, isBusy: busy.contains(pid))
      }
    }
  }

  /// Whether every process of the node was read. Only then a process that was not found does not run.
  var isComplete: Bool {
    if case .entries = listing { hasFirst && unreadable == 0 && !isCutShort } else { false }
  }

  private mutating func look(at pid: Int32, _ withProcess: ProcessDirectoryReader, isBusy: Bool) {
    var isThere = true
    var isRead = false
    let opened = withProcess(pid) { read in
      switch read("stat", ProcFS.statLimit) {
      case .absent: isThere = false
      case .failed, .tooLong: break
      case .bytes(let bytes):
        guard let stat = ProcessStat(bytes) else { return }
        isRead = true
        if !isBusy { note(pid, comm: stat.comm, read) }
      }
    }
    if opened == .absent || !isThere { return }
    count += 1
    if pid == 1 { hasFirst = true }
    if !isRead { unreadable += 1 }
  }
}

extension ProcessScan {
  private static let exporterLimit = 16

  private mutating func note(_ pid: Int32, comm: [UInt8], _ read: (String, Int) -> FileRead) {
    if let kind = NodeExporter.Kind(comm: comm) { return addExporter(pid, kind, read) }
    guard let kind = GrafanaAgent.Kind(comm: comm), agents.count < ProcessScan.exporterLimit else { return }
    agents.append(GrafanaAgent(pid: pid, kind: kind, isUsers: isUsers(read)))
  }

  /// Whether the process lies below a user's slice.
  private func isUsers(_ read: (String, Int) -> FileRead) -> Bool {
    read("cgroup", ProcFS.cgroupLimit).contents.map { cgroupIdentity($0).uid != nil } ?? false
  }

  private mutating func addExporter(_ pid: Int32, _ kind: NodeExporter.Kind, _ read: (String, Int) -> FileRead) {
    if exporters.count + exportersOfUsers.count >= ProcessScan.exporterLimit { return }
    if isUsers(read) {
      exportersOfUsers.append(pid)
    } else {
      exporters.append(NodeExporter(pid: pid, kind: kind, read))
    }
  }
}

/// A running node_exporter.
struct NodeExporter: Sendable {
  /// Who built it, told by the process's name in `/proc/PID/stat`, which the kernel cuts at 15 bytes.
  enum Kind: Sendable {
    case upstream, debian

    init?(comm: [UInt8]) {
      switch comm[...].text {
      case "node_exporter", "node-exporter": self = .upstream
      case "prometheus-node": self = .debian
      default:
        // A version may follow: `node_exporter-1.8.2`.
        guard comm[...].starts(with: "node_exporter-") else { return nil }
        self = .upstream
      }
    }
  }

  var pid: Int32
  var kind: Kind
  /// The real user ID; `nil` if `/proc/PID/status` cannot be read.
  var uid: UInt32?
  /// `nil` if the command line cannot be read.
  var arguments: NodeExporterArguments?

  fileprivate init(pid: Int32, kind: Kind, _ read: (_ name: String, _ limit: Int) -> FileRead) {
    self.pid = pid
    self.kind = kind
    if case .bytes(let bytes) = read("status", 64 << 10) { uid = ProcessStatus(bytes)?.uid }
    if case .bytes(let bytes) = read("cmdline", 64 << 10), !bytes.isEmpty {
      arguments = NodeExporterArguments(bytes)
    }
  }

  /// The directories from which it reads textfiles. Debian's package has a default, upstream has none.
  var directories: [String] {
    guard let arguments else { return [] }
    return arguments.directories.isEmpty && kind == .debian
      ? ["/var/lib/prometheus/node-exporter"] : arguments.directories
  }
}
