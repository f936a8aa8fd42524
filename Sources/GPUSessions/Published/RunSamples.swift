/// What the samples of one node say of the run that wrote them.
struct RunSamples {
  /// What is known of a stage.
  struct StageSamples {
    var isSuccess: Bool?
    var duration: Nanoseconds?
  }

  /// The version of the collector.
  var version: String?
  var isSuccess: Bool?
  /// When the run started, in nanoseconds since 1970.
  var started: Nanoseconds?
  /// How often each problem came up, by kind.
  var problems: [String: Int] = [:]
  var stages: [Stage: StageSamples] = [:]

  /// The most kinds of problems that are kept.
  static let problemLimit = 1_000
}

/// Readers of the families about the run itself.
let runReaders: [String: SampleReader] = [
  "gpu_session_collector_build_info": { sample, node in
    node.run.version = sample.labels["version"]
    return !sample.labels["version"].isEmpty
  },
  "gpu_session_collector_last_run_timestamp_seconds": { sample, node in
    // Up to the year 2261, because nanoseconds have to fit; in milliseconds as they are published.
    guard (0..<9.2e9).contains(sample.value) else { return false }
    node.run.started = Nanoseconds((sample.value * 1000).rounded()) * .perMillisecond
    return true
  },
  "gpu_session_collector_problems": { sample, node in
    let kind = sample.labels["kind"]
    guard !kind.isEmpty, let count = Int(exactly: sample.value), (0..<1 << 53).contains(count) else { return false }
    if node.run.problems[kind] == nil, node.run.problems.count == RunSamples.problemLimit { return false }
    node.run.problems[kind] = count
    return true
  },
  "gpu_session_collector_stage_duration_seconds": { sample, node in
    guard (0..<1e9).contains(sample.value) else { return false }
    let duration = Nanoseconds((sample.value * 1e6).rounded()) * 1000
    return readStage(sample, node) { $0.duration = duration }
  },
  "gpu_session_collector_stage_success": { sample, node in
    sample.value.isFinite && readStage(sample, node) { $0.isSuccess = sample.value != 0 }
  },
  "gpu_session_collector_success": { sample, node in
    guard sample.value.isFinite else { return false }
    node.run.isSuccess = sample.value != 0
    return true
  },
]

/// Reads a sample that is about a stage. A stage that this version does not know is passed over.
private func readStage(
  _ sample: PublishedSample, _ node: NodeSamples, _ change: (inout RunSamples.StageSamples) -> Void
) -> Bool {
  guard let stage = Stage(rawValue: sample.labels["stage"]) else { return !sample.labels["stage"].isEmpty }
  change(&node.run.stages[stage, default: .init()])
  return true
}
