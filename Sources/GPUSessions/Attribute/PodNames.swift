/// Names of pods and containers for every stage of a run: the log directories are listed at first use, once.
struct PodNames {
  let host: Host
  let options: Options
  /// Log directories that could not be read.
  private(set) var unreadableDirectories = 0
  private var names: LogNames?
  private var unnamedPods: Set<String> = []
  private var ambiguousPods = 0

  init(host: Host, options: Options) {
    self.host = host
    self.options = options
  }

  /// Namespace and name of the pod; a pod without is remembered and counted once.
  mutating func pod(uid: String) -> PodName? {
    let names = logNames()
    if let pod = names.pod(uid: uid) { return pod }
    if unnamedPods.insert(uid).inserted, names.isAmbiguous(uid: uid) { ambiguousPods += 1 }
    return nil
  }

  /// The container's name, as ``LogNames`` gives it.
  mutating func container(podUID: String, containerID: String) -> String? {
    logNames().container(podUID: podUID, containerID: containerID)
  }

  /// Adds what was given up here to the run's counts; called once, when all names have been asked for.
  func count(in problems: inout ProblemCounts) {
    problems.add(.logDirectoryUnreadable, unreadableDirectories)
    problems.add(.attributionConflict, ambiguousPods)
    problems.add(.podNameUnknown, unnamedPods.count)
  }

  private mutating func logNames() -> LogNames {
    if let names { return names }
    let names = LogNames(
      podDirectories: entries(host.listDirectory(options.nodePath("/var/log/pods"))),
      links: entries(host.listLinks(options.nodePath("/var/log/containers"))))
    self.names = names
    return names
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
