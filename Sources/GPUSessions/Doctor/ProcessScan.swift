/// One look at every process of the node: whether it can be read, and which ones are node_exporter.
struct ProcessScan: Sendable {
  /// What listing `/proc` gave.
  let listing: DirectoryRead<[Int32]>
  /// Processes there, those that ended meanwhile left out.
  private(set) var count = 0
  private(set) var unreadable = 0
  /// Whether PID 1 is among them.
  private(set) var hasFirst = false
  /// Whether the time was up before all were looked at.
  private(set) var isCutShort = false
  private(set) var exporters: [NodeExporter] = []

  /// Reads `stat` of each; the command line only of a node_exporter, and of none that is on a GPU (`busy`).
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

  /// Whether it may be said of a process that was not found that it does not run.
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
        if !isBusy, let kind = NodeExporter.Kind(comm: stat.comm) {
          exporters.append(NodeExporter(pid: pid, kind: kind, read))
        }
      }
    }
    if opened == .absent || !isThere { return }
    count += 1
    if pid == 1 { hasFirst = true }
    if !isRead { unreadable += 1 }
  }
}

/// A process that is node_exporter.
struct NodeExporter: Sendable {
  /// By the name the kernel gives it, cut at 15 bytes.
  enum Kind: Sendable {
    case upstream, debian

    init?(comm: [UInt8]) {
      if comm[...].equals("node_exporter") || comm[...].equals("node-exporter") {
        self = .upstream
      } else if comm[...].equals("prometheus-node") {
        self = .debian
      } else {
        return nil
      }
    }
  }

  var pid: Int32
  var kind: Kind
  /// `nil` where its status cannot be read.
  var uid: UInt32?
  /// `nil` where its command line cannot be read.
  var arguments: NodeExporterArguments?

  fileprivate init(pid: Int32, kind: Kind, _ read: (_ name: String, _ limit: Int) -> FileRead) {
    self.pid = pid
    self.kind = kind
    if case .bytes(let bytes) = read("status", 64 << 10) { uid = ProcessStatus(bytes)?.uid }
    if case .bytes(let bytes) = read("cmdline", 64 << 10), !bytes.isEmpty {
      arguments = NodeExporterArguments(bytes)
    }
  }

  /// What it reads textfiles from; Debian's has a default, upstream's has none.
  var directories: [String] {
    guard let arguments else { return [] }
    return arguments.directories.isEmpty && kind == .debian
      ? ["/var/lib/prometheus/node-exporter"] : arguments.directories
  }
}
