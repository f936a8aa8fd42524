/// The node's `/proc`.
package struct ProcFS: Sendable {
  let host: Host
  /// The path where the procfs is mounted.
  let root: String
  /// Opens the directory of one process, relative to one descriptor of ``root``: the kernel need not resolve the path of
  /// the procfs each time.
  let openProcess: ProcessDirectoryReader
  /// The container that the whole node runs in, if it does: that of process 1.
  let nodeCgroup: NodeCgroup

  package init(host: Host, root: String) {
    self.host = host
    self.root = root
    openProcess = host.openProcesses(root)
    nodeCgroup =
      host.readFile(root + "/1/cgroup", ProcFS.cgroupLimit).contents.map { NodeCgroup($0) } ?? NodeCgroup()
  }

  /// Inode of the initial PID namespace, `PROC_PID_INIT_INO` (0xEFFFFFFC) in the kernel's `include/linux/proc_ns.h`.
  private static let initialPIDNamespace = "pid:[4026531836]"

  /// Whether this program sees the host's PIDs, which are those that nvidia-smi prints.
  ///
  /// `self/ns/pid` decides. If it cannot be read, PID 2 must be the kernel's `kthreadd`, whose parent is 0.
  package var showsHostPIDs: Bool {
    if let link = host.readLink(root + "/self/ns/pid").contents { return link.equals(ProcFS.initialPIDNamespace) }
    guard let bytes = host.readFile(root + "/2/stat", ProcFS.statLimit).contents, let stat = ProcessStat(bytes)
    else {
      return false
    }
    return stat.comm.equals("kthreadd") && stat.parent == 0
  }

  /// Whether there is a procfs at the path, of whichever PID namespace.
  package var isThere: Bool {
    host.readLink(root + "/self/ns/pid").contents != nil || host.readFile(root + "/uptime", 256) != .absent
  }

  /// The present moment in ticks of 1/100 s since boot, the unit of ``ProcessStat/startTicks``.
  ///
  /// `uptime` tells it; if it cannot be read, the host's clock does.
  package var ticksSinceBoot: UInt64 {
    host.readFile(root + "/uptime", 256).contents.flatMap(uptimeTicks)
      ?? UInt64(max(0, host.now() / (Nanoseconds.perSecond / 100)))
  }

  /// Turns ticks since boot into wall-clock time by the line `btime` of `/proc/stat`.
  package var tickClock: TickClock {
    let lines = (host.readFile(root + "/stat", 8 << 20).contents ?? []).lines()
    return TickClock(bootSeconds: lines.first { $0.starts(with: "btime ") }?.dropFirst(6).trimmed.decimal)
  }

  /// The most bytes that are read of `/proc/PID/stat`, `status` and `cgroup`.
  static let statLimit = 4096
  static let statusLimit = 64 << 10
  static let cgroupLimit = 256 << 10
}

/// When the node booted.
package struct TickClock: Sendable {
  /// Seconds since 1970; `nil` if the node does not say.
  package var bootSeconds: UInt64?

  /// Seconds since 1970 of a moment in ticks of 1/100 s since boot.
  package func seconds(atTicks ticks: UInt64) -> Double? {
    bootSeconds.map { Double($0) + Double(ticks) / 100 }
  }
}

/// Reads the first number of `/proc/uptime`, `90000.25`, as hundredths of a second. Source: proc_uptime(5).
private func uptimeTicks(_ bytes: [UInt8]) -> UInt64? {
  let parts = bytes.prefix { $0 != UInt8(ascii: " ") }.fields(separatedBy: UInt8(ascii: "."))
  guard parts.count == 2, parts[1].count == 2, let seconds = parts[0].decimal, let hundredths = parts[1].decimal,
    seconds < 1 << 50
  else { return nil }
  return seconds * 100 + hundredths
}
