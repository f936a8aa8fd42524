/// One collection for a person or a script, to standard output; nothing on the node is written.
func show(_ host: Host, _ options: Options) -> ExitStatus {
  let outcome = Pipeline(host: host, options: options).run()
  let text = options.isJSON ? showJSON(outcome) : showTable(outcome, Page(host))
  let isWritten = text.isEmpty || host.write(.standardOutput, Array(text.utf8))
  if !isWritten { diagnose("error: standard output cannot be written", host) }
  report(outcome, host, options)
  if !isWritten { return .cannotCreate }
  return outcome.failure == nil ? .success : .failure
}

extension Page {
  /// As wide as `COLUMNS` says, else the terminal, else 100; colour only on a terminal that is asked for none to hold back.
  init(_ host: Host) {
    let terminal = host.terminalWidth()
    let asked = host.environment("COLUMNS").flatMap { Array($0.utf8).decimal }.flatMap { Int(exactly: $0) }
    let known = [asked, terminal].compactMap(\.self).first { $0 > 0 }
    width = min(max(known ?? 100, 40), 1_000)
    isColoured =
      terminal != nil && (host.environment("NO_COLOR") ?? "").isEmpty && host.environment("TERM") != "dumb"
  }
}
