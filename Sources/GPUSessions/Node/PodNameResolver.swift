/// Names of pods and containers for every stage of a run: the log directories are listed at first use, once.
struct PodNameResolver {
  let host: Host
  let options: Options
  /// Log directories that could not be listed.
  private var unlistedDirectories = 0
  private var logs = PodLogIndex()
  private var isListed = false
  private var learned: [PodUID: PodName] = [:]
  private var unnamed: Set<PodUID> = []
  private var disputed: Set<PodUID> = []

  init(host: Host, options: Options) {
    self.host = host
    self.options = options
  }

  /// Namespace and name of the pod; a pod without is remembered and counted once.
  mutating func pod(_ uid: PodUID) -> PodName? {
    if disputed.contains(uid) { return nil }
    // What the runtimes told where the logs name the pod is the same, or disputed.
    if let pod = askLogs({ $0.pod(uid) }) ?? learned[uid] { return pod }
    unnamed.insert(uid)
    if askLogs({ $0.isAmbiguous(uid) }) { disputed.insert(uid) }
    return nil
  }

  /// Takes over what the runtimes told of the pods that have processes, and what was given up there.
  mutating func learn(_ owners: OwnerResolver) {
    learned.merge(owners.named) { first, _ in first }
    unnamed.formUnion(owners.unnamed)
    disputed.formUnion(owners.disputed)
  }

  /// Gives back what only the names of containers need; called when none is asked for any more.
  mutating func forgetContainers() { logs.forgetContainers() }

  /// Adds what was given up here to the run's counts; called once, when all names have been asked for.
  func count(in problems: inout ProblemCounts) {
    problems.add(.logDirectoryUnreadable, unreadableDirectories)
    problems.add(.attributionConflict, disputed.count)
    problems.add(.podNameUnknown, unnamed.count)
  }

  /// Log directories of which something could not be read.
  var unreadableDirectories: Int { unlistedDirectories + (logs.hasUnreadableLink ? 1 : 0) }

  /// Asks the log directories, which are listed at first use.
  mutating func askLogs<Answer>(_ question: (inout PodLogIndex) -> Answer) -> Answer {
    if !isListed {
      logs = list()
      isListed = true
    }
    return question(&logs)
  }

  private mutating func list() -> PodLogIndex {
    let links = options.nodePath("/var/log/containers")
    return PodLogIndex(
      podDirectories: names(in: options.nodePath("/var/log/pods")), linkNames: names(in: links),
      target: { [host] name in host.readLink(links + "/" + name.text) })
  }

  private mutating func names(in directory: String) -> [ArraySlice<UInt8>] {
    switch host.listDirectory(directory) {
    case .entries(let names): return names
    case .absent: return []
    case .failed:
      unlistedDirectories += 1
      return []
    }
  }
}
