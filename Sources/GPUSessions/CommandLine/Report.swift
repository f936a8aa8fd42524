/// Writes to standard error why a run failed, its warnings, and with `--verbose` what it left out and a summary.
func report(_ outcome: Outcome, _ host: Host, _ options: Options) {
  say(Statements(of: outcome, options), host, options)
  for sentence in details(outcome, host, options) { diagnose(sentence, host) }
}

/// The sentences that ``report(_:_:_:)`` writes. They may quote text from outside.
func diagnostics(_ outcome: Outcome, _ host: Host, _ options: Options) -> [String] {
  Statements(of: outcome, options).lines + details(outcome, host, options)
}

/// What only `--verbose` says.
private func details(_ outcome: Outcome, _ host: Host, _ options: Options) -> [String] {
  if options.verbosity != .verbose { return [] }
  let report = outcome.report
  let problems = Problem.allCases.filter { report.problems[$0] > 0 }
    .map { "\($0.rawValue) \(report.problems[$0]): \($0.meaning)" }
  return report.remarks + problems + [summary(outcome, host)]
}

/// One line with the counts of a run.
private func summary(_ outcome: Outcome, _ host: Host) -> String {
  // A run that failed has no data, even if it had read some.
  let node = outcome.node ?? NodeState()
  let milliseconds = (host.wallClock() - outcome.report.started) / 1_000_000
  return "\(node.totalSessions) sessions on \(node.inventory.readDevices.count) devices of"
    + " \(node.inventory.gpus.count) GPUs in \(milliseconds) ms, success \(outcome.isComplete ? 1 : 0)"
}
