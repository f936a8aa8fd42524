/// Families about the run itself: written always, alone when no device could be read.
let collectorFamilies: [MetricFamily] = [
  family("build_info", "The version of the collector that wrote this file, value 1.", labels: ["version"]) {
    _, out in out.sample([("version", version)], 1)
  },
  family("last_run_timestamp_seconds", "When the run that wrote this file started, seconds since 1970.") {
    snapshot, out in out.sample([], snapshot.startedSeconds)
  },
  family("problems", "Rows, PIDs, pods or devices given up in this run, by reason.", labels: ["kind"]) {
    snapshot, out in
    for row in problemRows(snapshot) { out.sample([("kind", row.kind)], Double(row.count)) }
  },
  family(
    "stage_duration_seconds",
    "Time until the stage was done, seconds; devices, processes and utilization are asked for at the same time.",
    labels: ["stage"]
  ) { snapshot, out in
    for result in sortedStages(snapshot) {
      out.sample([("stage", result.stage.rawValue)], Double(result.duration / 1000) / 1_000_000)
    }
  },
  family(
    "stage_success", "Whether the stage succeeded, 1 or 0. Absent for a stage that did not run.",
    labels: ["stage"]
  ) { snapshot, out in
    for result in sortedStages(snapshot) {
      out.sample([("stage", result.stage.rawValue)], result.isSuccess ? 1 : 0)
    }
  },
  family("success", "1 only when every device and the processes on it were read, else 0.") {
    snapshot, out in out.sample([], snapshot.isComplete ? 1 : 0)
  },
]

private func family(
  _ name: String, _ help: String, labels: [String] = [],
  write: @escaping @Sendable (Snapshot, inout Exposition) -> Void
) -> MetricFamily {
  MetricFamily("gpu_session_collector_" + name, help, labels: labels, isAboutCollector: true) {
    run, out in write(run.snapshot, &out)
  }
}

/// Every kind of problem with its count, and a failed run's reason with 1; sorted by kind.
func problemRows(_ snapshot: Snapshot) -> [(kind: String, count: Int, meaning: String)] {
  var rows = Problem.allCases.map { (kind: $0.rawValue, count: snapshot.problems[$0], meaning: $0.meaning) }
  if let failure = snapshot.failure { rows.append((kind: failure.kind, count: 1, meaning: failure.sentence)) }
  return rows.sorted { $0.kind < $1.kind }
}

/// The stages that ran, by name.
func sortedStages(_ snapshot: Snapshot) -> [StageResult] {
  snapshot.stages.sorted { $0.stage.rawValue < $1.stage.rawValue }
}
