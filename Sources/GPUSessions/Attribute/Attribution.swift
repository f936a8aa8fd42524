extension Collector {
  /// Turns placed processes into sessions: whose each is, from node-local files only.
  mutating func attribute(_ processes: PlacedProcesses, _ node: NodeProcesses, _ askedAt: UInt64) {
    let start = host.now()
    var attribution = Attribution(host: host, options: options, node: node, askedAt: askedAt)
    for process in processes.all {
      snapshot.sessions.append(attribution.session(process))
    }
    snapshot.sessions.sort { ($0.device, $0.pid) < ($1.device, $1.pid) }
    attribution.countOnce(&snapshot.problems)
    finish(.attribution, attribution.isSuccess, from: start)
  }
}

/// Resolves PIDs to owners. Each PID and each log directory is read once.
struct Attribution {
  let host: Host
  let options: Options
  let node: NodeProcesses
  /// When the process list was asked for, in ticks since boot.
  let askedAt: UInt64
  private(set) var isSuccess = true
  private var resolved: [Int32: Resolved] = [:]
  private var logs: LogNames?
  private var names: OwnerNames
  private var problems = ProblemCounts()
  private lazy var bootTime = node.bootTimeSeconds

  /// What is known of one PID.
  private struct Resolved {
    var owner = Owner()
    var comm: [UInt8] = []
    var startTimeSeconds: Double?
  }

  init(host: Host, options: Options, node: NodeProcesses, askedAt: UInt64) {
    self.host = host
    self.options = options
    self.node = node
    self.askedAt = askedAt
    names = OwnerNames(runtimes: RuntimeNames(node: node, options: options))
  }

  /// Adds what this attribution gave up to the run's counts.
  func countOnce(_ counts: inout ProblemCounts) {
    for problem in Problem.allCases { counts.add(problem, problems[problem]) }
    counts.add(.podNameUnknown, names.unnamedPods)
    counts.add(.attributionConflict, names.conflicts)
  }

  /// One process as a session. What cannot be proven to belong to it is left out.
  mutating func session(_ process: PlacedProcess) -> Session {
    var known = Resolved()
    if process.isConfirmed { known = resolve(process.pid) } else { problems.add(.processUnconfirmed) }
    let command = basename(process.name ?? known.comm)
    return Session(
      device: process.device, deviceUUID: process.deviceUUID, pid: process.pid, command: command.text,
      type: process.type,
      status: command.elementsEqual("nvidia-cuda-mps-server".utf8) ? .mpsServer : .active,
      memoryBytes: process.memoryBytes, deviceMemoryBytes: process.deviceMemoryBytes,
      utilization: process.utilization, startTimeSeconds: known.startTimeSeconds, owner: known.owner)
  }

  private mutating func resolve(_ pid: Int32) -> Resolved {
    if let known = resolved[pid] { return known }
    let result = read(pid)
    resolved[pid] = result
    return result
  }

  private mutating func read(_ pid: Int32) -> Resolved {
    switch node.facts(of: pid) {
    case .gone: problems.add(.processGone)
    case .unreadable:
      problems.add(.processUnreadable)
      isSuccess = false
    case .present(let stat, _) where stat.startTicks > askedAt: problems.add(.pidReused)
    case .present(let stat, let cgroup):
      var result = Resolved(owner: owner(cgroup, stat), comm: stat.comm)
      result.startTimeSeconds = bootTime.map { Double($0) + Double(stat.startTicks) / 100 }
      return result
    }
    return Resolved()
  }

  private mutating func owner(_ cgroup: NodeProcesses.CgroupRead, _ stat: ProcessStat) -> Owner {
    var owner = Owner()
    guard case .identity(let identity) = cgroup else {
      problems.add(.cgroupUnreadable)
      isSuccess = false
      return owner
    }
    owner.containerID = identity.containerID
    owner.runtime = identity.runtime?.rawValue
    if identity.isConflicting { problems.add(.attributionConflict) }
    owner.podUID = identity.podUID
    if let uid = identity.podUID {
      let logs = logNames()
      names.name(&owner, podUID: uid, identity, of: stat, logs: logs)
    } else {
      names.nameOutsidePods(&owner, identity, of: stat)
    }
    return owner
  }

  private mutating func logNames() -> LogNames {
    if let logs { return logs }
    let logs = LogNames(
      podDirectories: entries(host.listDirectory(options.nodePath("/var/log/pods"))),
      links: entries(host.listLinks(options.nodePath("/var/log/containers"))))
    self.logs = logs
    return logs
  }

  private mutating func entries<Entry>(_ read: DirectoryRead<Entry>) -> [Entry] {
    switch read {
    case .entries(let entries): return entries
    case .absent: return []
    case .failed:
      problems.add(.logDirectoryUnreadable)
      isSuccess = false
      return []
    }
  }
}

/// What follows the last `/`.
func basename(_ path: [UInt8]) -> ArraySlice<UInt8> {
  guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash + 1 < path.count else { return path[...] }
  return path[(slash + 1)...]
}
