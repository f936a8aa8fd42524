/// What a run has to say on stderr: why it failed, what it warns of, and with `--verbose` what it gave up.
func report(_ snapshot: Snapshot, _ host: Host, _ options: Options) {
  if let failure = snapshot.failure { diagnose("error: " + failure.sentence, host) }
  guard options.verbosity != .quiet else { return }
  for warning in snapshot.warnings where snapshot.failure == nil { diagnose("warning: " + warning, host) }
  guard options.verbosity == .verbose else { return }
  for remark in snapshot.remarks { diagnose(remark, host) }
  for problem in Problem.allCases where snapshot.problems[problem] > 0 {
    diagnose("\(problem.rawValue) \(snapshot.problems[problem]): \(problem.meaning)", host)
  }
  diagnose(summary(snapshot, host), host)
}

private func summary(_ snapshot: Snapshot, _ host: Host) -> String {
  let sessions = snapshot.sessions.count { $0.status == .active }
  let milliseconds = (host.wallClock() - snapshot.started) / 1_000_000
  return "\(sessions) sessions on \(snapshot.readDevices.count) devices of \(snapshot.gpus.count) GPUs"
    + " in \(milliseconds) ms, success \(snapshot.isComplete ? 1 : 0)"
}
