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
  /// The user is not wanted, the process is in a container, where user IDs are not the node's, or it has no living thread.
  case notOfNode
  /// The process is in a PID namespace of its own, and its cgroup shows neither a container nor a unit, session or job.
  case inNamespace
  case unreadable
}

/// The content of a cgroup file. The processes of one container have the same, and share one object.
package final class Cgroup: Sendable {
  package let identity: CgroupIdentity
  /// Tells the content from others that were read in the same run.
  let number: Int

  package init(_ file: [UInt8], in node: NodeCgroup = NodeCgroup(), number: Int = 0) {
    identity = cgroupIdentity(file, in: node)
    self.number = number
  }
}

/// Reads what `/proc` says about processes, one after another. Everything about one process comes from one open
/// directory, so that it cannot be about another process that got the same PID.
package struct ProcessFactsReader {
  private let procFS: ProcFS
  private let isUserWanted: Bool
  /// The cgroup files read so far, by their text. A file that is not UTF-8 is parsed each time.
  private var cgroups: [String: Cgroup] = [:]
  /// How many cgroup files were parsed.
  private var parsedCount = 0

  /// `count` is about how many processes will be read.
  package init(_ procFS: ProcFS, isUserWanted: Bool, count: Int = 0) {
    self.procFS = procFS
    self.isUserWanted = isUserWanted
    cgroups.reserveCapacity(count)
  }

  /// Reads `stat` and `cgroup`, and `status` if the process's user is wanted and is one of the node.
  ///
  /// A process lives as long as one of its threads. If the first one has ended, `stat` shows a zombie, and on cgroup
  /// version 1 `cgroup` shows the root; then these files of a living thread are read.
  package mutating func facts(of pid: Int32) -> ProcessFacts {
    var facts = ProcessFacts.gone
    let opened = procFS.openProcess(pid) { read in
      switch read("stat", ProcFS.statLimit) {
      case .bytes(let bytes):
        guard var stat = ProcessStat(bytes) else { return facts = .unreadable }
        guard Session.Defunct(state: stat.state) == .zombie else { return facts = self.facts(stat, read) }
        guard let thread = livingThread(of: pid, read) else { return facts = self.facts(stat, isDead: true, read) }
        stat.state = thread.state
        facts = self.facts(stat) { name, limit in read("task/\(thread.id)/\(name)", limit) }
      case .absent: facts = .gone
      case .failed, .tooLong: facts = .unreadable
      }
    }
    if case .failed = opened { return .unreadable }
    return facts
  }

  /// Returns the first living thread of a process whose first thread has ended; `nil` if there is none.
  private func livingThread(of pid: Int32, _ read: (String, Int) -> FileRead) -> (id: Int32, state: UInt8)? {
    guard case .entries(let names) = procFS.host.listDirectory("\(procFS.root)/\(pid)/task") else { return nil }
    let ids = names.compactMap { $0.decimal.flatMap { Int32(exactly: $0) } }.sorted()
    for id in ids.prefix(ProcessFactsReader.threadLimit) where id != pid {
      guard case .bytes(let bytes) = read("task/\(id)/stat", ProcFS.statLimit), let stat = ProcessStat(bytes),
        Session.Defunct(state: stat.state) != .zombie
      else { continue }
      return (id, stat.state)
    }
    return nil
  }

  /// The most threads of one process that are looked at: those that have ended are soon gone from `task`.
  private static let threadLimit = 64

  /// A process without a living thread (`isDead`) has no user but the one of its slice: `status` has no meaning any more.
  private mutating func facts(
    _ stat: ProcessStat, isDead: Bool = false, _ read: (String, Int) -> FileRead
  ) -> ProcessFacts {
    switch read("cgroup", ProcFS.cgroupLimit) {
    case .bytes(let bytes):
      let cgroup = cgroup(bytes)
      guard isUserWanted || !isDead && cgroup.identity.isBlank else {
        return .present(stat, cgroup: cgroup, .notOfNode)
      }
      // Below a user's slice the user is the slice's, also with another user ID, such as a subordinate one.
      if let uid = cgroup.identity.uid { return .present(stat, cgroup: cgroup, .uid(uid)) }
      if isDead || cgroup.identity.isContained { return .present(stat, cgroup: cgroup, .notOfNode) }
      guard var user = user(cgroup.identity, read) else { return .gone }
      if !isUserWanted, case .uid = user { user = .notOfNode }
      return .present(stat, cgroup: cgroup, user)
    case .absent: return .gone
    case .failed, .tooLong:
      guard isUserWanted, !isDead else { return .present(stat, cgroup: nil, .notOfNode) }
      // Without the cgroup nothing shows whether a process in a PID namespace of its own is one of the node.
      return user(CgroupIdentity(), read).map {
        .present(stat, cgroup: nil, $0 == .inNamespace ? .notOfNode : $0)
      } ?? .gone
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
    return Cgroup(file, in: procFS.nodeCgroup, number: parsedCount)
  }

  /// The user of a process outside of containers; `nil` if the process has ended meanwhile.
  ///
  /// A process in a PID namespace of its own is in a container that the cgroup does not show, unless the cgroup shows a
  /// unit, session or job of the node.
  private func user(_ identity: CgroupIdentity, _ read: (String, Int) -> FileRead) -> ProcessUser? {
    switch read("status", ProcFS.statusLimit) {
    case .bytes(let bytes):
      guard let status = ProcessStatus(bytes) else { return .unreadable }
      return !status.isInNestedPIDNamespace || identity.isPlacedOnNode ? .uid(status.uid) : .inNamespace
    case .absent: return nil
    case .failed, .tooLong: return .unreadable
    }
  }
}
