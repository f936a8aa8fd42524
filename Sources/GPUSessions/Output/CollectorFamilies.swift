/// Families about the run itself. They are always written, and alone if no device could be read.
let collectorFamilies: [MetricFamily] = [
  MetricFamily(
    ofRun: "gpu_session_collector_build_info", "The version of the collector that wrote this file, value 1.",
    [Column("version") { $0 }], rows: { _ in [version] }, value: { _ in 1 }),
  MetricFamily(
    ofRun: "gpu_session_collector_last_run_timestamp_seconds",
    "When the run that wrote this file started, seconds since 1970."
  ) { $0.report.startedSeconds },
  MetricFamily(
    ofRun: "gpu_session_collector_problems",
    "Number of problems in this run by kind, such as rows, processes, pods or devices that could not be read.",
    [Column("kind") { $0.kind }], rows: \.problems, value: { Double($0.count) }),
  MetricFamily(
    ofRun: "gpu_session_collector_stage_duration_seconds",
    "Time until the stage was done, seconds; devices, processes and utilization are asked for at the same time.",
    [stageColumn], rows: \.report.sortedStages, value: \.seconds),
  MetricFamily(
    ofRun: "gpu_session_collector_stage_success",
    "Whether the stage succeeded, 1 or 0. Absent for a stage that did not run.", [stageColumn],
    rows: \.report.sortedStages, value: { $0.isSuccess ? 1 : 0 }),
  MetricFamily(
    ofRun: "gpu_session_collector_success",
    "1 only when every device and the processes on it were read, else 0."
  ) { $0.isComplete ? 1 : 0 },
]

private let stageColumn = Column<StageResult>("stage") { $0.stage.rawValue }

/// One kind of problem with how often it came up.
struct ProblemRow: Sendable {
  var kind: String
  var count: Int
  /// What the kind means, for a person.
  var meaning: String
}

extension Outcome {
  /// Every kind of problem, those that did not come up too, and a failed run's reason with 1; sorted by kind.
  var problems: [ProblemRow] {
    var rows = Problem.allCases.map {
      ProblemRow(kind: $0.rawValue, count: report.problems[$0], meaning: $0.meaning)
    }
    for (kind, count) in report.published?.otherProblems ?? [:] {
      rows.append(
        ProblemRow(
          kind: kind, count: count, meaning: "problems of the kind \(kind), which this version does not know"))
    }
    if let failure, let failureSentence {
      rows.append(ProblemRow(kind: failure.kind, count: 1, meaning: failureSentence))
    }
    return rows.sorted { $0.kind < $1.kind }
  }
}
