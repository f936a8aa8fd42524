/// The version of this program, as `--version` and `gpu_session_collector_build_info` say it.
package let version = "0.1.0"

/// Families about the run itself: written always, alone when no device could be read.
let collectorFamilies: [MetricFamily] = [
  family("build_info", "The version of the collector that wrote this file, value 1.", labels: ["version"]) {
    _, out in out.sample([("version", version)], 1)
  },
  family("last_run_timestamp_seconds", "When the run that wrote this file started, seconds since 1970.") {
    snapshot, out in out.sample([], Double(snapshot.started / 1_000_000) / 1000)
  },
  family("problems", "Rows, PIDs, pods or devices given up in this run, by reason.", labels: ["kind"]) {
    snapshot, out in
    var counts = Problem.allCases.map { (kind: $0.rawValue, count: snapshot.problems[$0]) }
    if let failure = snapshot.failure { counts.append((kind: failure.kind, count: 1)) }
    for row in counts.sorted(by: { $0.kind < $1.kind }) { out.sample([("kind", row.kind)], Double(row.count)) }
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
    snapshot, _, out in write(snapshot, &out)
  }
}

private func sortedStages(_ snapshot: Snapshot) -> [StageResult] {
  snapshot.stages.sorted { $0.stage.rawValue < $1.stage.rawValue }
}
