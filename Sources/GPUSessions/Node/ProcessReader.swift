/// Reads what `/proc` says about a process: no more than that takes, for a copy of the node costs more than its facts.
struct ProcessReader: Sendable {
  let withProcess: ProcessDirectoryReader

  /// ``ProcFS/facts(of:withUser:understand:)``; without its name the process's own is not kept.
  func facts(
    of pid: Int32, withUser: Bool, withName: Bool = true, understand: ([UInt8]) -> CgroupContent
  ) -> ProcFS.Facts {
    var facts = ProcFS.Facts.gone
    let opened = withProcess(pid) { read in
      switch read("stat", ProcFS.statLimit) {
      case .bytes(let bytes):
        if var stat = ProcessStat(bytes) {
          if !withName { stat.comm = [] }
          facts = withCgroup(stat, withUser, understand, read)
        } else {
          facts = .unreadable
        }
      case .absent: facts = .gone
      case .failed, .tooLong: facts = .unreadable
      }
    }
    if case .failed = opened { return .unreadable }
    return facts
  }

  private func withCgroup(
    _ stat: ProcessStat, _ withUser: Bool, _ understand: ([UInt8]) -> CgroupContent,
    _ read: (String, Int) -> FileRead
  ) -> ProcFS.Facts {
    switch read("cgroup", ProcFS.cgroupLimit) {
    case .bytes(let bytes):
      let content = understand(bytes)
      var user: ProcFS.UserRead? = .notOfNode
      if withUser, !content.isContained, case .identity(let identity) = content.knowledge {
        user = self.user(identity, read)
      }
      return user.map { .present(stat, .content(content), $0) } ?? .gone
    case .absent: return .gone
    case .failed, .tooLong: return .present(stat, .unreadable, .notOfNode)
    }
  }

  /// A PID namespace of its own is a container that the path does not show, unless the path shows the node's own place.
  ///
  /// `nil` where the process has ended meanwhile.
  private func user(_ identity: CgroupIdentity, _ read: (String, Int) -> FileRead) -> ProcFS.UserRead? {
    switch read("status", ProcFS.statusLimit) {
    case .bytes(let bytes):
      guard let status = ProcessStatus(bytes) else { return .unreadable }
      return !status.isInNestedPIDNamespace || identity.isPlacedOnNode ? .uid(status.uid) : .notOfNode
    case .absent: return nil
    case .failed, .tooLong: return .unreadable
    }
  }
}
