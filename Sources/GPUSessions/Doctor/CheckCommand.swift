/// The command `check`: asks every question and prints the answers; nothing on the node is written.
func check(_ host: Host, _ options: Options) -> ExitStatus {
  var context = CheckContext(host: host, options: options)
  let items = Check.all.map { context.run($0) }
  let text = options.isJSON ? checkJSON(items) : checkText(items, Page(host), options.verbosity)
  if !text.isEmpty, !host.write(.standardOutput, Array(text.utf8)) {
    diagnose("error: standard output cannot be written", host)
    return .cannotCreate
  }
  return items.contains { $0.finding.result == .fail || !$0.hasRun } ? .failure : .success
}
