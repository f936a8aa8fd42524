/// What `/proc` says about one process.
package enum ProcessFacts: Sendable {
  /// The process is there. `cgroup` is `nil` if its cgroup file could not be read.
  case present(ProcessStat, cgroup: Cgroup?, ProcessUser)
  /// There is no such process any more.
  case gone
  /// `stat` could not be read, or has another form.
  case unreadable
}

/// What `/proc/PID/status` says about the user of a process.
package enum ProcessUser: Sendable, Equatable {
  case uid(UInt32)
  /// Either the user is not wanted, or the process is in a container, where user IDs are not the node's.
  case notOfNode
  case unreadable
}

/// The content of a cgroup file. The processes of one container have the same, and share one object.
package final class Cgroup: Sendable {
  package let identity: CgroupIdentity
  /// Tells the content from others that were read in the same run.
  let number: Int

  package init(_ file: [UInt8], number: Int = 0) {
    identity = cgroupIdentity(file)
    self.number = number
  }
}

/// Reads what `/proc` says about processes, one after another. Everything about one process comes from one open
/// directory, so that it cannot be about another process that got the same PID.
package struct ProcessFactsReader {
  private let openProcess: ProcessDirectoryReader
  private let isUserWanted: Bool
  /// The cgroup files read so far, by their text. A file that is not UTF-8 is parsed each time.
  private var cgroups: [String: Cgroup] = [:]
  /// How many cgroup files were parsed.
  private var parsedCount = 0

  /// `count` is about how many processes will be read.
  package init(_ procFS: ProcFS, isUserWanted: Bool, count: Int = 0) {
    openProcess = procFS.openProcess
    self.isUserWanted = isUserWanted
    cgroups.reserveCapacity(count)
  }

  /// Reads `stat` and `cgroup`, and `status` if the process's user is wanted and is one of the node.
  package mutating func facts(of pid: Int32) -> ProcessFacts {
    var facts = ProcessFacts.gone
    let opened = openProcess(pid) { read in
      switch read("stat", ProcFS.statLimit) {
      case .bytes(let bytes):
        guard let stat = ProcessStat(bytes) else { return facts = .unreadable }
        facts = self.facts(stat, read)
      case .absent: facts = .gone
      case .failed, .tooLong: facts = .unreadable
      }
    }
    if case .failed = opened { return .unreadable }
    return facts
  }

  private mutating func facts(_ stat: ProcessStat, _ read: (String, Int) -> FileRead) -> ProcessFacts {
    switch read("cgroup", ProcFS.cgroupLimit) {
    case .bytes(let bytes):
      let cgroup = cgroup(bytes)
      guard isUserWanted, !cgroup.identity.isContained else { return .present(stat, cgroup: cgroup, .notOfNode) }
      guard let user = user(cgroup.identity, read) else { return .gone }
      return .present(stat, cgroup: cgroup, user)
    case .absent: return .gone
    case .failed, .tooLong: return .present(stat, cgroup: nil, .notOfNode)
    }
  }

  private mutating func cgroup(_ file: [UInt8]) -> Cgroup {
    guard let text = try? UTF8Span(validating: file.span) else { return parse(file) }
    let key = String(copying: text)
    if let known = cgroups[key] { return known }
    let cgroup = parse(file)
    cgroups[key] = cgroup
    return cgroup
  }

  private mutating func parse(_ file: [UInt8]) -> Cgroup {
    parsedCount += 1
    return Cgroup(file, number: parsedCount)
  }

  /// The user of a process outside of containers; `nil` if the process has ended meanwhile.
  ///
  /// A process in a PID namespace of its own is in a container that the cgroup does not show, unless the cgroup shows a
  /// unit, session or job of the node.
  private func user(_ identity: CgroupIdentity, _ read: (String, Int) -> FileRead) -> ProcessUser? {
    switch read("status", ProcFS.statusLimit) {
    case .bytes(let bytes):
      guard let status = ProcessStatus(bytes) else { return .unreadable }
      return !status.isInNestedPIDNamespace || identity.isPlacedOnNode ? .uid(status.uid) : .notOfNode
    case .absent: return nil
    case .failed, .tooLong: return .unreadable
    }
  }
}
