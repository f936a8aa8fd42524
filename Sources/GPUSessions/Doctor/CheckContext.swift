/// What the checks share: each thing of the node is asked for once, by the first check that needs it.
package struct CheckContext {
  let host: Host
  let options: Options
  /// When the check that runs should be done, on the ``Host/now`` clock.
  private(set) var deadline: Nanoseconds = 0

  private var located: Result<String, CollectionFailure>?
  private var collected: Outcome?
  private var scanned: ProcessScan?
  private var pods: Set<PodUID>??
  private var mounted: MountTable??
  private var file: TextfileState?

  package init(host: Host, options: Options) {
    self.host = host
    self.options = options
  }

  /// Runs one check within its own limit.
  package mutating func run(_ check: Check) -> CheckedItem {
    let begin = host.now()
    let limit = check.limit ?? options.timeout
    deadline = begin + limit
    var item = CheckedItem(check: check, finding: .skip("asked to end before it ran"), limit: limit)
    if host.isTerminated() { return item }
    item.hasRun = true
    item.finding = check.run(&self)
    item.duration = max(0, host.now() - begin)
    item.addOverrun()
    return item
  }

  /// Which nvidia-smi; located once.
  var executable: Result<String, CollectionFailure> {
    mutating get {
      if let located { return located }
      let result = NvidiaSMI.locate(host, option: options.nvidiaSMI)
      located = result
      return result
    }
  }

  /// One collection that nobody publishes, asked with what is left of the time of the check that needs it first;
  /// `nil` where there is no nvidia-smi.
  var outcome: Outcome? {
    mutating get {
      if let collected { return collected }
      guard case .success(let path) = executable else { return nil }
      var asked = options
      asked.nvidiaSMI = path
      asked.timeout = max(1, deadline - host.now())
      asked.hasUserLabel = false
      let result = Pipeline(host: host, options: asked, purpose: .examination).run()
      collected = result
      return result
    }
  }

  /// The GPUs that the collection listed, even if it failed later; `nil` if nvidia-smi gave no list.
  var inventory: Inventory? {
    mutating get { outcome?.report.inventory }
  }

  /// What the collection gave up; nothing if there was none.
  var problems: ProblemCounts {
    mutating get { outcome?.report.problems ?? ProblemCounts() }
  }

  /// The node's processes; GPU processes are left alone.
  var processes: ProcessScan {
    mutating get {
      if let scanned { return scanned }
      let busy = Set(outcome?.report.listedPIDs ?? []).union((outcome?.node?.sessions ?? []).map(\.pid))
      let result = ProcessScan(host, proc: options.proc, leaving: busy, until: deadline)
      scanned = result
      return result
    }
  }

  /// UIDs of the pods whose cgroup exists; `nil` where the tree cannot be read.
  var livePods: Set<PodUID>? {
    mutating get {
      if let pods { return pods }
      let result = LivePods(host: host, root: options.cgroupRoot).uids()
      pods = .some(result)
      return result
    }
  }

  /// Whether a pod is known to run here, by its cgroup or by a session of it.
  var hasPods: Bool {
    mutating get {
      livePods?.isEmpty == false || outcome?.node?.sessions.contains { $0.owner.podUID != nil } == true
    }
  }

  /// The mounts of this process; `nil` where they cannot be read.
  var mounts: MountTable? {
    mutating get {
      if let mounted { return mounted }
      let result = host.readFile(options.proc + "/self/mountinfo", 8 << 20).contents.map { MountTable($0) }
      mounted = .some(result)
      return result
    }
  }

  /// Where `--output` publishes; `nil` for standard output.
  var place: OutputPlace? { options.output == "-" ? nil : OutputPlace(options.output) }

  /// The published file; read once, so that all checks speak of the same.
  var published: TextfileState {
    mutating get {
      if let file { return file }
      let result = TextfileState(host.readFile(options.output, TextfileState.limit))
      file = result
      return result
    }
  }
}

/// One check with its answer.
package struct CheckedItem: Sendable {
  package var check: Check
  package var finding: Finding
  package var limit: Nanoseconds
  package var duration: Nanoseconds = 0
  /// False where the program was asked to end before.
  package var hasRun = false

  /// What took longer than it may is no plain success.
  fileprivate mutating func addOverrun() {
    guard duration > limit, finding.result == .pass || finding.result == .skip else { return }
    finding = .warn(
      "\(finding.seen); it took \(Quantity.seconds(duration)), more than its \(Quantity.seconds(limit))",
      "see whether a file system hangs or the node is out of CPU: dmesg | tail; uptime")
  }
}
