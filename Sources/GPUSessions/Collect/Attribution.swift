extension Collector {
  /// Turns placed processes into sessions: whose each is, from node-local files only.
  mutating func attribute(
    _ processes: ProcessTable, _ node: ProcFS, _ queryStartTicks: UInt64, _ names: inout PodNameResolver
  ) {
    let start = host.now()
    var attribution = Attribution(names: names, node: node, queryStartTicks: queryStartTicks)
    attribution.slurm = SlurmJobs(node: node, options: options, onGPUs: processes.all.map { $0.pid })
    attribution.repeated = processes.repeatedPIDs
    let places = processes.sortedPlaces
    attribution.look(at: processes.all, places)
    snapshot.sessions.reserveCapacity(places.count)
    for (row, place) in places.enumerated() {
      snapshot.sessions.append(attribution.session(processes.all[place], row))
    }
    nameUsers()
    snapshot.askedSeconds = attribution.bootTime.map { Double($0) + Double(queryStartTicks) / 100 }
    attribution.countOnce(&snapshot.problems)
    names = attribution.namesForOthers
    finish(.attribution, attribution.isSuccess && names.unreadableDirectories == 0, from: start)
  }
}

/// Resolves PIDs to owners. Each PID is read once, and all before the first is resolved: closer to the moment at which
/// nvidia-smi listed them, and the kernel is asked for one thing after the other without much in between.
struct Attribution {
  private(set) var names: PodNameResolver
  let node: ProcFS
  private let reader: ProcessReader
  /// When the process list was asked for, in ticks since boot.
  let queryStartTicks: UInt64
  private(set) var isSuccess = true
  /// PIDs on several devices, and what is known of those that were met.
  fileprivate var repeated: Set<Int32> = []
  private var resolved: [Int32: Resolved] = [:]
  /// What `/proc` said, by the row of the session; `nil` where it was not asked, or for an earlier row of the PID.
  private var facts: [ProcFS.Facts?] = []
  var slurm: SlurmJobs
  private var cgroups = CgroupContents()
  private var owners: OwnerResolver
  private var problems = ProblemCounts()
  fileprivate lazy var bootTime = node.bootTimeSeconds

  /// What is known of one PID.
  private struct Resolved {
    var owner = SharedOwner.unknown
    var stat: ProcessStat?
    var startTimeSeconds: Double?
    var defunct: Session.Defunct?
  }

  init(names: PodNameResolver, node: ProcFS, queryStartTicks: UInt64) {
    self.names = names
    self.node = node
    reader = node.reader
    self.queryStartTicks = queryStartTicks
    slurm = SlurmJobs(node: node, options: names.options, onGPUs: [])
    owners = OwnerResolver(runtimes: RuntimeMetadata(node: node, options: names.options))
  }

  /// The names of this run's pods, with what the runtimes told of them.
  var namesForOthers: PodNameResolver {
    var names = names
    names.learn(owners)
    return names
  }

  /// Adds what this attribution gave up to the run's counts.
  func countOnce(_ counts: inout ProblemCounts) {
    for problem in Problem.allCases { counts.add(problem, problems[problem]) }
  }

  /// Reads what `/proc` says of the processes at these places.
  fileprivate mutating func look(at processes: [DeviceProcess], _ places: [Int]) {
    let withUser = names.options.hasUserLabel
    var seen: Set<Int32> = []
    facts.reserveCapacity(places.count)
    for place in places {
      let pid = processes[place].pid
      guard processes[place].isConfirmed, !repeated.contains(pid) || seen.insert(pid).inserted else {
        facts.append(nil)
        continue
      }
      let isNamed = processes[place].name != nil
      facts.append(reader.facts(of: pid, withUser: withUser, withName: !isNamed) { cgroups.content($0) })
    }
  }

  /// One process as the session of this row. What cannot be proven to belong to it is left out.
  fileprivate mutating func session(_ process: DeviceProcess, _ row: Int) -> Session {
    var known = Resolved()
    if process.isConfirmed { known = resolve(process.pid, row) } else { problems.add(.processUnconfirmed) }
    let command = basename(process.name ?? known.stat?.comm ?? [])
    return Session(
      device: process.device, deviceUUID: process.deviceUUID, pid: process.pid, command: command.text,
      type: process.type,
      status: command.equals("nvidia-cuda-mps-server") ? .mpsServer : .active,
      memoryBytes: process.memoryBytes, deviceMemoryBytes: process.deviceMemoryBytes,
      utilization: process.utilization, startTimeSeconds: known.startTimeSeconds,
      sharedOwner: known.owner, state: known.stat?.state, defunct: known.defunct)
  }

  private mutating func resolve(_ pid: Int32, _ row: Int) -> Resolved {
    guard repeated.contains(pid) else { return resolve(row) }
    if let known = resolved[pid] { return known }
    let result = resolve(row)
    resolved[pid] = result
    return result
  }

  private mutating func resolve(_ row: Int) -> Resolved {
    switch facts[row] {
    case nil: break
    case .gone:
      problems.add(.processGone)
      return Resolved(defunct: .gone)
    case .unreadable:
      problems.add(.processUnreadable)
      isSuccess = false
    case .present(let stat, _, _) where stat.startTicks > queryStartTicks: problems.add(.pidReused)
    case .present(let stat, let cgroup, let user):
      var result = Resolved(owner: owner(cgroup, stat), stat: stat)
      switch user {
      case .uid(let uid):
        var owner = result.owner.owner
        owner.uid = uid
        result.owner = SharedOwner(owner)
      case .notOfNode: break
      case .unreadable:
        problems.add(.processUnreadable)
        isSuccess = false
      }
      result.defunct = Session.defunctReason(ofState: stat.state)
      result.startTimeSeconds = bootTime.map { Double($0) + Double(stat.startTicks) / 100 }
      return result
    }
    return Resolved()
  }

  private mutating func owner(_ cgroup: ProcFS.CgroupRead, _ stat: ProcessStat) -> SharedOwner {
    guard case .content(let content) = cgroup else {
      problems.add(.cgroupUnreadable)
      isSuccess = false
      return .unknown
    }
    switch content.knowledge {
    case .owner(let owner): return owner
    case .identity(let identity):
      let owner = owner(identity, stat)
      let isSettled = identity.isSettled && !owner.container.isEmpty
      let shared = SharedOwner(owner)
      if isSettled { content.settle(shared) }
      return shared
    }
  }

  private mutating func owner(_ identity: CgroupIdentity, _ stat: ProcessStat) -> Owner {
    var owner = Owner()
    owner.containerID = identity.containerID
    owner.runtime = identity.runtime?.rawValue
    owner.unit = identity.unitLabel
    owner.slurmJobID = slurm.jobID(identity, parent: stat.parent)
    if identity.isConflicting { problems.add(.attributionConflict) }
    owner.podUID = identity.podUID
    if let uid = identity.podUID {
      owners.name(&owner, podUID: uid, identity, of: stat, names: &names)
    } else {
      owners.nameOutsidePods(&owner, identity, of: stat)
    }
    return owner
  }
}

extension CgroupIdentity {
  /// Whether any process of this cgroup has the same owner, if that is a container that has its name.
  ///
  /// Without one, a further process may lead to the runtime's own, and a step's daemon may still tell a job's number.
  fileprivate var isSettled: Bool {
    !isConflicting && podUID != nil && containerID != nil && slurmSLUID == nil
  }
}

/// What follows the last `/`.
func basename(_ path: [UInt8]) -> ArraySlice<UInt8> {
  guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash + 1 < path.count else { return path[...] }
  return path[(slash + 1)...]
}
