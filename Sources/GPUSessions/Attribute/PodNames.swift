/// Names of pods and containers for every stage of a run: the log directories are listed at first use, once.
struct PodNames {
  let host: Host
  let options: Options
  /// Log directories that could not be read.
  private(set) var unreadableDirectories = 0
  private var listed: LogNames?
  private var learned: [String: PodName] = [:]
  private var unnamed: Set<String> = []
  private var disputed: Set<String> = []

  init(host: Host, options: Options) {
    self.host = host
    self.options = options
  }

  /// Namespace and name of the pod; a pod without is remembered and counted once.
  mutating func pod(uid: String) -> PodName? {
    if disputed.contains(uid) { return nil }
    if let pod = learned[uid] ?? logs.pod(uid: uid) { return pod }
    unnamed.insert(uid)
    if logs.isAmbiguous(uid: uid) { disputed.insert(uid) }
    return nil
  }

  /// Takes over what the runtimes told of the pods that have processes, and what was given up there.
  mutating func learn(_ owners: OwnerNames) {
    learned.merge(owners.named) { first, _ in first }
    unnamed.formUnion(owners.unnamed)
    disputed.formUnion(owners.disputed)
  }

  /// Adds what was given up here to the run's counts; called once, when all names have been asked for.
  func count(in problems: inout ProblemCounts) {
    problems.add(.logDirectoryUnreadable, unreadableDirectories)
    problems.add(.attributionConflict, disputed.count)
    problems.add(.podNameUnknown, unnamed.count)
  }

  /// The log directories' names, listed at first use.
  var logs: LogNames {
    mutating get {
      if let listed { return listed }
      let names = LogNames(
        podDirectories: entries(host.listDirectory(options.nodePath("/var/log/pods"))),
        links: entries(host.listLinks(options.nodePath("/var/log/containers"))))
      listed = names
      return names
    }
  }

  private mutating func entries<Entry>(_ read: DirectoryRead<Entry>) -> [Entry] {
    switch read {
    case .entries(let entries): return entries
    case .absent: return []
    case .failed:
      unreadableDirectories += 1
      return []
    }
  }
}
