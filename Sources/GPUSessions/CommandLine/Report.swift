/// Writes to standard error why a run failed, its warnings, and with `--verbose` what it left out and a summary.
func report(_ outcome: Outcome, _ host: Host, _ options: Options) {
  let report = outcome.report
  say(Statements(of: outcome, options), host, options)
  if options.verbosity != .verbose { return }
  for remark in report.remarks { diagnose(remark, host) }
  for problem in Problem.allCases where report.problems[problem] > 0 {
    diagnose("\(problem.rawValue) \(report.problems[problem]): \(problem.meaning)", host)
  }
  diagnose(summary(outcome, host), host)
}

/// One line with the counts of a run.
private func summary(_ outcome: Outcome, _ host: Host) -> String {
  // A run that failed has no data, even if it had read some.
  let node = outcome.node ?? NodeState()
  let milliseconds = (host.wallClock() - outcome.report.started) / 1_000_000
  return "\(node.totalSessions) sessions on \(node.inventory.readDevices.count) devices of"
    + " \(node.inventory.gpus.count) GPUs in \(milliseconds) ms, success \(outcome.isComplete ? 1 : 0)"
}
