extension Pipeline {
  /// Makes a session of each process. Files of the node say whose it is; getent(1) may add the names of users.
  ///
  /// All processes are read before the first owner is looked for: that is closest to the moment of nvidia-smi's list.
  func findOwners(
    of processes: [DeviceProcess], _ procFS: ProcFS, _ clock: TickClock, _ queryStartTicks: UInt64,
    _ names: inout PodNameResolver, _ report: inout RunReport
  ) -> [Session] {
    let start = host.now()
    var reader = ProcessFactsReader(procFS, isUserWanted: options.hasUserLabel, count: processes.count)
    // A process may be on several devices. Its facts are read once.
    var (facts, indices): ([ProcessFacts], [Int: Int]) = ([], [:])
    facts.reserveCapacity(processes.count)
    indices.reserveCapacity(processes.count)
    let factsIndex = processes.indices.map { index in
      let pid = processes[index].pid
      if let known = indices[Int(pid)] { return known }
      indices[Int(pid)] = facts.count
      facts.append(reader.facts(of: pid))
      return facts.count - 1
    }
    let slurm = SlurmJobs(node: procFS, options: options, onGPUs: processes.map(\.pid))
    var resolver = ProcessResolver(
      clock: clock, queryStartTicks: queryStartTicks, owners: OwnerResolver(slurm: slurm),
      servers: MPSServers(among: processes, procFS))
    let resolved = facts.map { resolver.resolve($0, &names) }
    let users = userNames(of: resolved)
    let sessions = processes.indices.map { resolver.session(processes[$0], resolved[factsIndex[$0]], users) }
    report.problems.add(resolver.problems)
    finish(.attribution, resolver.isSuccess && names.unreadableDirectories == 0, since: start, in: &report)
    return sessions
  }

  /// The names of the users of these processes.
  private func userNames(of processes: [ResolvedProcess]) -> [UInt32: String] {
    let uids = processes.compactMap(\.uid)
    if uids.isEmpty { return [:] }
    return UserDatabase(host: host, options: options, deadline: deadline).names(of: Set(uids))
  }
}

/// What is known of one PID. Everything but `defunct` is empty or `nil` if nothing proves that it is the process listed.
private struct ResolvedProcess {
  var comm: [UInt8] = []
  var parent: Int32?
  var owner = Owner.unknown
  var uid: UInt32?
  var startTimeSeconds: Double?
  var defunct: Session.Defunct?
}

/// Turns processes and what `/proc` says of them into sessions.
private struct ProcessResolver {
  let clock: TickClock
  let queryStartTicks: UInt64
  var owners: OwnerResolver
  let servers: MPSServers
  private(set) var problems = ProblemCounts()
  /// Whether everything that `/proc` has of the processes could be read.
  private(set) var isSuccess = true

  init(clock: TickClock, queryStartTicks: UInt64, owners: OwnerResolver, servers: MPSServers) {
    self.clock = clock
    self.queryStartTicks = queryStartTicks
    self.owners = owners
    self.servers = servers
  }

  /// The session of one process, with what `/proc` has of it.
  mutating func session(_ process: DeviceProcess, _ known: ResolvedProcess, _ users: [UInt32: String]) -> Session {
    if known.owner.isInContainer, known.owner.container.isEmpty { problems.add(.containerNameUnknown) }
    let command = programName(printed: process.name, comm: known.comm).text
    return Session(
      device: process.device, deviceUUID: process.deviceUUID, pid: process.pid, command: command,
      type: process.type,
      status: servers.contain(process, command: command, parent: known.parent) ? .mpsServer : .active,
      memoryBytes: process.memoryBytes,
      deviceMemoryBytes: process.deviceMemoryBytes, utilization: process.utilization,
      startTimeSeconds: known.startTimeSeconds, owner: known.owner, uid: known.uid,
      user: known.uid.flatMap { users[$0] }, defunct: known.defunct)
  }

  /// What is known of a process by its `facts`.
  mutating func resolve(_ facts: ProcessFacts, _ names: inout PodNameResolver) -> ResolvedProcess {
    switch facts {
    case .gone:
      problems.add(.processGone)
      return ResolvedProcess(defunct: .gone)
    case .unreadable:
      fail(.processUnreadable)
      return ResolvedProcess()
    case .present(let stat, _, _) where stat.startTicks > queryStartTicks:
      // nvidia-smi listed a process that had this PID before.
      problems.add(.pidReused)
      return ResolvedProcess()
    case .present(let stat, let cgroup, let user):
      var known = ResolvedProcess(
        comm: stat.comm, parent: stat.parent, startTimeSeconds: clock.seconds(atTicks: stat.startTicks),
        defunct: Session.Defunct(state: stat.state))
      if let cgroup {
        known.owner = owners.owner(cgroup, stat, isInNamespace: user == .inNamespace, &names, &problems)
      } else {
        fail(.cgroupUnreadable)
      }
      switch user {
      case .uid(let uid): known.uid = uid
      case .notOfNode, .inNamespace: break
      case .unreadable: fail(.processUnreadable)
      }
      return known
    }
  }

  private mutating func fail(_ problem: Problem) {
    problems.add(problem)
    isSuccess = false
  }
}
