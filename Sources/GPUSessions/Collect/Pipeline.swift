/// One collection, from top to bottom: inventory → processes → owners → allocations → ``Outcome``.
///
/// Each stage is a method that takes what earlier stages returned, and counts in the report what it gives up.
package struct Pipeline {
  let host: Host
  let options: Options
  let purpose: Purpose
  /// What an earlier run of the same process has found out.
  let memory: DriverMemory
  /// When the collection began, on the ``Host/now`` clock.
  let start: Nanoseconds

  /// Why the collection is made.
  package enum Purpose: Sendable {
    /// To publish or show it. In a foreign PID namespace nvidia-smi is not asked.
    case collection
    /// To examine the installation. nvidia-smi is asked in a foreign PID namespace too, so that the devices are known.
    case examination
  }

  package init(
    host: Host, options: Options, purpose: Purpose = .collection, memory: DriverMemory = DriverMemory()
  ) {
    self.host = host.atRoot(host, options.hostRoot, options.proc)
    self.options = options
    self.purpose = purpose
    self.memory = memory
    start = host.now()
  }

  /// The moment on the ``Host/now`` clock by which the children of this collection must have answered.
  var deadline: Nanoseconds { start + options.collectionTimeout }

  /// Collects once. Nothing is thrown: what failed is in the outcome.
  package func run() -> Outcome {
    var report = RunReport(started: host.wallClock())
    report.driver = memory
    do throws(CollectionFailure) {
      let node = try collect(&report)
      return .collected(node, report)
    } catch {
      if report.stages.isEmpty { finish(error.stage, false, since: start, in: &report) }
      return .failed(error, report)
    }
  }

  private func collect(_ report: inout RunReport) throws(CollectionFailure) -> NodeState {
    if host.abandonedChildren() > 0 { throw .earlierChildAlive }
    let procFS = ProcFS(host: host, root: options.proc)
    let showsHostPIDs = procFS.showsHostPIDs
    if !showsHostPIDs, purpose == .collection {
      throw procFS.isThere ? .foreignPIDNamespace : .noProcfs(options.proc)
    }
    let executable = try NvidiaSMI.locate(host, option: options.nvidiaSMI).get()
    let smi = NvidiaSMI(host: host, executable: executable, deadline: deadline)

    let queryStartTicks = procFS.ticksSinceBoot
    let responses = try queryDevices(smi, &report)
    let (inventory, processes) = try placeProcesses(responses, smi, &report)
    report.inventory = inventory
    report.reason = inventory.complaint
    if !inventory.gpus.contains(where: \.isReadable) { throw .noReadableDevice }
    if !showsHostPIDs { throw .foreignPIDNamespace }

    var names = PodNameResolver(
      procFS: procFS, options: options, onGPUs: processes.map(\.pid),
      hasPodCgroups: { [host, options] in
        LivePods(host: host, root: options.cgroupRoot).find(.everywhere)?.branches.isEmpty == false
      })
    let clock = procFS.tickClock
    let sessions = findOwners(of: processes, procFS, clock, queryStartTicks, &names, &report)
    let allocations = findAllocations(on: inventory, sessions, &names, &report)
    names.countProblems(in: &report.problems)
    reportUnreadableGPUs(inventory, &report)
    return NodeState(
      inventory: inventory, sessions: sessions, allocations: allocations,
      listedSeconds: clock.seconds(atTicks: queryStartTicks))
  }

  /// Notes how a stage went that began at `moment` on the ``Host/now`` clock.
  func finish(_ stage: Stage, _ isSuccess: Bool, since moment: Nanoseconds, in report: inout RunReport) {
    report.stages.append(StageResult(stage: stage, isSuccess: isSuccess, duration: max(0, host.now() - moment)))
  }

  private func reportUnreadableGPUs(_ inventory: Inventory, _ report: inout RunReport) {
    for gpu in inventory.gpus where !gpu.isReadable {
      report.problems.add(.deviceUnreadable)
      let fact = "GPU \(gpu.index) (\(gpu.busID)) or the processes on it could not be read"
      report.warnings.append(quoting(gpu.complaint, after: fact))
    }
    for lost in inventory.lostGPUs {
      report.problems.add(.deviceUnreadable)
      let index = lost.index.map { " \($0)" } ?? ""
      let fact = "GPU\(index) (\(lost.busID)) does not answer nvidia-smi"
      report.warnings.append(quoting(lost.complaint, after: fact))
    }
  }
}
