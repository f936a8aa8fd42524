/// The command `show`: collects and prints to standard output. It writes no file.
func show(_ host: Host, _ options: Options) -> ExitStatus {
  if let file = options.from { return showPublished(file, host, options) }
  if options.interval != nil { return LiveView(host, options).run() }
  return present(Outcome.collecting(host, options) { present($0, host, options) }, host, options)
}

/// Prints what a collection has come to.
private func present(_ outcome: Outcome, _ host: Host, _ options: Options) -> ExitStatus {
  let outcome = outcome.filtered(by: options.filter).sorted(by: options.order)
  let text = options.isJSON ? showJSON(outcome) : showTable(outcome, Page(host))
  let isWritten = text.isEmpty || host.write(.standardOutput, Array(text.utf8))
  if !isWritten { diagnose("error: standard output cannot be written", host) }
  report(outcome, host, options)
  if !isWritten { return .cannotCreate }
  return outcome.failure == nil ? .success : .failure
}

extension Page {
  /// The page for standard output.
  ///
  /// It is as wide as the variable `COLUMNS` says, or else the terminal, or else 100 columns. It has colours only on a
  /// terminal, and neither with the variable `NO_COLOR` nor on `TERM=dumb`.
  init(_ host: Host) {
    let terminal = host.terminalWidth()
    let asked = host.environment("COLUMNS").flatMap { Array($0.utf8).decimal }.flatMap { Int(exactly: $0) }
    let known = [asked, terminal].compactMap(\.self).first { $0 > 0 }
    width = min(max(known ?? 100, 40), 1_000)
    isColoured =
      terminal != nil && (host.environment("NO_COLOR") ?? "").isEmpty && host.environment("TERM") != "dumb"
  }
}
