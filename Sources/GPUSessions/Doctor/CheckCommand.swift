/// The command `check`: runs all checks and prints what they found. It writes no file.
func check(_ host: Host, _ options: Options) -> ExitStatus {
  let context = CheckContext(host: host, options: options)
  let runs = Check.all.map { context.run($0) }
  let text = options.isJSON ? checkJSON(runs) : checkText(runs, Page(host), options.verbosity)
  if !text.isEmpty, !host.write(.standardOutput, Array(text.utf8)) {
    diagnose("error: standard output cannot be written", host)
    return .cannotCreate
  }
  return runs.contains { $0.finding.result == .fail || !$0.hasRun } ? .failure : .success
}
