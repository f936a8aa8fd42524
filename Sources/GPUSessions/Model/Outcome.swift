/// What one collection came to.
package enum Outcome: Sendable {
  /// No device could be read. What was found out all the same is in the report.
  case failed(CollectionFailure, RunReport)
  /// At least one device was read.
  case collected(NodeState, RunReport)

  package var report: RunReport {
    switch self {
    case .failed(_, let report), .collected(_, let report): report
    }
  }

  /// What was read of the node; `nil` if the run failed.
  package var node: NodeState? {
    if case .collected(let node, _) = self { node } else { nil }
  }

  /// Why no device could be read; `nil` if one was.
  package var failure: CollectionFailure? {
    if case .failed(let failure, _) = self { failure } else { nil }
  }

  /// The failure in one sentence, with nvidia-smi's own reason; `nil` if a device was read.
  var failureSentence: String? { failure?.sentence(reason: report.reason) }

  /// Whether every device and the processes on it were read.
  package var isComplete: Bool {
    let losses: [Problem] = [
      .deviceRowMalformed, .migModeUnknown, .migUnplaced, .processRowMalformed, .processRowUnknownGPU,
      .processRowUnsupported,
    ]
    if let published = report.published { return published.isSuccess ?? false }
    guard let node else { return false }
    return node.inventory.isWhollyReadable && node.omitted.isWhollyReadable
      && losses.allSatisfy { report.problems[$0] == 0 }
  }
}

/// What a run read of the node.
package struct NodeState: Sendable {
  package var inventory = Inventory()
  /// The processes on the devices, sorted by device and PID.
  package var sessions: [Session] = []
  /// What the kubelet has handed out, sorted. Only devices of this node are listed.
  package var allocations: [Allocation] = []
  /// When nvidia-smi was asked for its process list, seconds since 1970; `nil` if the node's boot time is not known.
  package var listedSeconds: Double?
  /// What a filter of `show` has left out of the lists above; empty without a filter.
  package var omitted = Omitted()

  package init(
    inventory: Inventory = Inventory(), sessions: [Session] = [], allocations: [Allocation] = [],
    listedSeconds: Double? = nil
  ) {
    self.inventory = inventory
    self.sessions = sessions
    self.allocations = allocations
    self.listedSeconds = listedSeconds
  }

  /// How many sessions each device has, those included that a filter leaves out. The MPS server is not a session.
  package var sessionCounts: [Device: Int] {
    var counts: [Device: Int] = [:]
    for index in sessions.indices where sessions[index].status == .active {
      counts[sessions[index].device, default: 0] += 1
    }
    for session in omitted.sessions where session.status == .active { counts[session.device, default: 0] += 1 }
    return counts
  }

  /// How many sessions there are on all devices.
  package var totalSessions: Int { sessions.indices.count { sessions[$0].status == .active } }
}

/// How a run went, whether it failed or not.
package struct RunReport: Sendable {
  /// When the run started, by the wall clock, in nanoseconds since 1970.
  package var started: Nanoseconds
  /// What was given up, by kind.
  package var problems = ProblemCounts()
  /// The stages in the order in which they ended. A stage that does not apply to the node is absent.
  package var stages: [StageResult] = []
  /// What was found out about the driver, for this run and for later ones of the same process.
  package var driver = DriverMemory()
  /// The GPUs as far as they were listed, on a failed run too; `nil` if nvidia-smi gave no list.
  package var inventory: Inventory?
  /// What nvidia-smi itself said of the failure, or of the first GPU that could not be read; `nil` if it said nothing.
  package var reason: String?
  /// Every PID in the list of compute processes, in the order listed.
  package var listedPIDs: [Int32] = []
  /// Sentences for standard error that deserve attention even if the run succeeded in part.
  package var warnings: [String] = []
  /// Sentences for `--verbose`. Nothing is wrong.
  package var remarks: [String] = []
  /// What a page of metrics says of the run that published them; `nil` for a run of this process.
  package var published: PublishedRun?

  package init(started: Nanoseconds = 0) { self.started = started }

  /// When the run started, in seconds since 1970, to the millisecond.
  package var startedSeconds: Double { Double(started / 1_000_000) / 1000 }

  /// The stages that ran, sorted by name.
  package var sortedStages: [StageResult] { stages.sorted { $0.stage.rawValue < $1.stage.rawValue } }
}

/// What runs of one process find out about the driver, so that a later one does not ask for it again.
package struct DriverMemory: Sendable, Equatable {
  /// The version of the driver; empty if nvidia-smi has not told it yet.
  package var version = ""
  /// The fields of `--query-gpu` and `--query-compute-apps` that the driver does not know, in the order asked for.
  package var unknownFields: [String] = []
  /// Whether dmon was asked for the utilization of MIG instances and cannot tell it.
  package var lacksMIGUtilization = false

  package init() {}

  /// Notes the version that a run was told. What was found out about another version is forgotten.
  mutating func note(version: String) {
    // Without a version nobody can tell when the driver becomes another one.
    if version.isEmpty || !self.version.isEmpty && version != self.version { self = DriverMemory() }
    self.version = version
  }
}

/// A part of a run that can fail, and is timed, on its own.
package enum Stage: String, Sendable, CaseIterable {
  case devices, processes, utilization, mig, attribution, allocations
}

/// How one stage went.
package struct StageResult: Sendable, Equatable {
  package var stage: Stage
  package var isSuccess: Bool
  package var duration: Nanoseconds

  package init(stage: Stage, isSuccess: Bool, duration: Nanoseconds) {
    self.stage = stage
    self.isSuccess = isSuccess
    self.duration = duration
  }

  /// How long the stage took, in seconds, cut to whole microseconds.
  package var seconds: Double { duration.inSeconds }
}
