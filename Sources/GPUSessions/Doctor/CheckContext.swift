/// What the checks share. Each part of the node is read once, by the first check that needs it.
package final class CheckContext {
  let host: Host
  let options: Options
  /// When the check that runs should be done, on the ``Host/now`` clock.
  private var deadline: Nanoseconds = 0

  package init(host: Host, options: Options) {
    self.host = host.atRoot(host, options.hostRoot, options.proc)
    self.options = options
  }

  /// The path of nvidia-smi, or why there is none.
  private(set) lazy var executable = NvidiaSMI.locate(host, option: options.nvidiaSMI)

  /// A collection that is not published; `nil` if there is no nvidia-smi.
  ///
  /// It has the time that is left to the check that needs it first.
  private(set) lazy var outcome: Outcome? = collect()

  /// The processes of the node.
  private(set) lazy var processes = scanProcesses()

  /// The cgroups of pods; `nil` if the cgroup tree cannot be read.
  private(set) lazy var cgroups: PodCgroups? = LivePods(host: host, root: options.cgroupRoot).find(.everywhere)

  /// The mounts that this process sees; `nil` if they cannot be read.
  private(set) lazy var mounts: MountTable? =
    host.readFile(options.proc + "/self/mountinfo", 8 << 20).contents.map { MountTable($0) }

  /// The file that `--output` names.
  private(set) lazy var published = TextfileState(host.readFile(options.output, TextfileState.limit))

  /// The GPUs that the collection listed, even if it failed later; `nil` if nvidia-smi gave no list.
  var inventory: Inventory? { outcome?.report.inventory }

  /// What the collection left out; empty if there was no collection.
  var problems: ProblemCounts { outcome?.report.problems ?? ProblemCounts() }

  /// The UIDs of the pods that have a process on a GPU.
  var podsWithSession: Set<PodUID> { Set((outcome?.node?.sessions ?? []).compactMap(\.owner.podUID)) }

  /// Whether a pod runs here, as its cgroup or a process of it on a GPU shows.
  var hasPods: Bool {
    cgroups?.uids.isEmpty == false || !podsWithSession.isEmpty
  }

  /// Whether the cgroup tree shows which pods are alive: the collection judges it by what is held, and without a collection it
  /// has to be readable.
  ///
  /// It is asked only if all files of the kubelet could be read: the stage has failed because of the tree then.
  var showsLivePods: Bool {
    outcome?.report.stages.first { $0.stage == .allocations }?.isSuccess ?? (cgroups != nil)
  }

  /// The directory and name of `--output`; `nil` for standard output.
  var place: OutputPlace? { options.output == "-" ? nil : OutputPlace(options.output) }

  /// Runs one check within its time limit.
  package func run(_ check: Check) -> CheckRun {
    let begin = host.now()
    let limit = check.limit(options)
    deadline = begin + limit
    var run = CheckRun(check: check, finding: .skip(stoppedBefore), limit: limit)
    if host.isTerminated() { return run }
    run.hasRun = true
    run.finding = check.run(self)
    run.duration = max(0, host.now() - begin)
    run.warnOfOverrun()
    return run
  }

  private func collect() -> Outcome? {
    guard case .success(let path) = executable else { return nil }
    var options = options
    options.nvidiaSMI = path
    options.timeout = max(1, deadline - host.now())
    options.hasUserLabel = false
    return Pipeline(host: host, options: options, purpose: .examination).run()
  }

  /// Looks at all processes. The command lines of those on a GPU are not read: they may hold secrets of a workload.
  private func scanProcesses() -> ProcessScan {
    let onGPU = Set(outcome?.report.listedPIDs ?? []).union((outcome?.node?.sessions ?? []).map(\.pid))
    return ProcessScan(host, proc: options.proc, leaving: onGPU, until: deadline)
  }
}

/// One run of a check.
package struct CheckRun: Sendable {
  package var check: Check
  package var finding: Finding
  /// How long the check may take, in nanoseconds.
  package var limit: Nanoseconds
  package var duration: Nanoseconds = 0
  /// False if the program was asked to end before the check began.
  package var hasRun = false

  /// Turns a pass or a skip into a warning if the check took longer than its limit.
  fileprivate mutating func warnOfOverrun() {
    guard duration > limit, finding.result == .pass || finding.result == .skip else { return }
    finding = .warn(
      "\(finding.seen); it took \(Quantity.seconds(duration)), more than its limit of \(Quantity.seconds(limit))",
      "see whether a file system hangs or the node is out of CPU: dmesg | tail; uptime")
  }
}
