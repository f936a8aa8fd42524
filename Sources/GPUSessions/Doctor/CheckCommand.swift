/// The command `check`: runs all checks and prints what they found. It writes no file.
func check(_ host: Host, _ options: Options) -> ExitStatus {
  let context = CheckContext(host: host, options: options)
  var runs: [CheckRun] = []
  for check in Check.all {
    let before = runs
    host.watch(
      host.now() + check.limit(options) + hangLimit,
      { present(before + unfinishedRuns(from: check, $0, options), host, options).rawValue },
      { runs.append(context.run(check)) })
  }
  return present(runs, host, options)
}

/// What is found if the program was stopped before the check began.
let stoppedBefore = "stopped by SIGTERM or SIGINT before this check"

/// How much longer than its limit a check may take until it counts as one that does not end.
private let hangLimit = 3 * Nanoseconds.perSecond

/// The runs of a check that did not end, and of those after it, which did not begin.
private func unfinishedRuns(from check: Check, _ lateness: Lateness, _ options: Options) -> [CheckRun] {
  Check.all.drop { $0.name != check.name }.map { other in
    let limit = other.limit(options)
    guard other.name == check.name, lateness == .overdue else {
      let why =
        lateness == .overdue ? "not run: the check \(check.name) does not end" : stoppedBefore
      return CheckRun(check: other, finding: .skip(why), limit: limit)
    }
    let finding = Finding.fail(
      "the check does not end: a file system that it reads does not answer",
      "look for the kernel's message: dmesg | tail; then run it again")
    return CheckRun(check: other, finding: finding, limit: limit, duration: limit + hangLimit, hasRun: true)
  }
}

/// Prints what the checks found.
private func present(_ runs: [CheckRun], _ host: Host, _ options: Options) -> ExitStatus {
  let text = options.isJSON ? checkJSON(runs) : checkText(runs, Page(host), options.verbosity)
  if !text.isEmpty, !host.write(.standardOutput, Array(text.utf8)) {
    diagnose("error: standard output cannot be written", host)
    return .cannotCreate
  }
  return runs.contains { $0.finding.result == .fail || !$0.hasRun } ? .failure : .success
}
