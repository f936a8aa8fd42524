/// The node's processes as `/proc` shows them.
package struct ProcFS: Sendable {
  let host: Host
  let proc: String
  let reader: ProcessReader

  package init(host: Host, proc: String) {
    self.host = host
    self.proc = proc
    reader = ProcessReader(withProcess: host.openProcesses(proc))
  }

  /// What `/proc` says about one listed PID, everything read through one directory descriptor.
  package enum Facts {
    case present(ProcessStat, CgroupRead, UserRead)
    case gone
    case unreadable
  }

  /// What `/proc/PID/cgroup` said.
  package enum CgroupRead {
    case content(CgroupContent)
    case unreadable
  }

  /// What `/proc/PID/status` said of the user.
  package enum UserRead: Sendable, Equatable {
    case uid(UInt32)
    /// Not asked for, or the process is in a container: its user is none of the node's.
    case notOfNode
    case unreadable
  }

  /// Inode of the initial PID namespace, `PROC_PID_INIT_INO` (0xEFFFFFFC) in the kernel's `proc_ns.h`.
  private static let initialPIDNamespace = "pid:[4026531836]"

  /// Whether nvidia-smi's PIDs are ours to look up.
  ///
  /// `self/ns/pid` decides; where it cannot be read, PID 2 must be the kernel's `kthreadd`, child of nobody.
  package var seesHostPIDs: Bool {
    if let link = host.readLink(proc + "/self/ns/pid").contents {
      return link.elementsEqual(ProcFS.initialPIDNamespace.utf8)
    }
    guard case .bytes(let bytes) = host.readFile(proc + "/2/stat", ProcFS.statLimit),
      let stat = ProcessStat(bytes)
    else { return false }
    return stat.comm.elementsEqual("kthreadd".utf8) && stat.parent == 0
  }

  /// Whether this is a procfs at all, of whatever namespace.
  package var isThere: Bool {
    host.readLink(proc + "/self/ns/pid").contents != nil || host.readFile(proc + "/uptime", 256) != .absent
  }

  /// Now, in the unit of `ProcessStat.startTicks` (`/proc/uptime`, else the host's clock).
  package var ticksSinceBoot: UInt64 {
    if case .bytes(let bytes) = host.readFile(proc + "/uptime", 256), let ticks = uptimeTicks(bytes) {
      return ticks
    }
    return UInt64(max(0, host.now() / (Options.second / 100)))
  }

  /// Seconds since 1970 at which the node booted (`btime` of `/proc/stat`); `nil` if it does not say.
  package var bootTimeSeconds: UInt64? {
    guard case .bytes(let bytes) = host.readFile(proc + "/stat", 8 << 20) else { return nil }
    for line in bytes[...].lines() where line.starts(with: "btime ") {
      return line.dropFirst(6).trimmed.decimal
    }
    return nil
  }

  /// Reads `stat` and `cgroup` of one process, and `status` if its user is wanted and can be told.
  ///
  /// `understand` says what the content of `cgroup` means.
  package func facts(
    of pid: Int32, withUser: Bool = false, understand: ([UInt8]) -> CgroupContent = { CgroupContent($0) }
  ) -> Facts {
    reader.facts(of: pid, withUser: withUser, understand: understand)
  }

  static let statLimit = 4096
  static let statusLimit = 64 << 10
  static let cgroupLimit = 256 << 10
}

/// `90000.25 180000.00` as hundredths of a second.
private func uptimeTicks(_ bytes: [UInt8]) -> UInt64? {
  guard let first = bytes[...].fields(separatedBy: UInt8(ascii: " "), maxSplits: 1).first else { return nil }
  let parts = first.fields(separatedBy: UInt8(ascii: "."))
  guard parts.count == 2, parts[1].count == 2, let seconds = parts[0].decimal, let rest = parts[1].decimal,
    seconds < 1 << 50
  else { return nil }
  return seconds * 100 + rest
}
