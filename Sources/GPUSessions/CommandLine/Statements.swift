/// Why a run failed and what it warns of, one line each.
///
/// With `--only-changes` the published file begins with them, as comments. The next run reads them there and says only
/// what has changed: a failure that lasts is one mail of cron, not one a minute.
struct Statements: Equatable {
  var lines: [String]

  /// The statements of a run. With `--quiet` warnings are none of them.
  init(of outcome: Outcome, _ options: Options) {
    lines = outcome.failureSentence.map { ["error: " + $0] } ?? []
    if options.verbosity != .quiet, outcome.failure == nil {
      lines += outcome.report.warnings.map { "warning: " + $0 }
    }
    lines = lines.map { $0.printable(with: "?") }
  }

  /// The statements of the run that published the file at `path`; none if there is no such file, or if that run was
  /// without `--only-changes`.
  init(published path: String, _ host: Host) {
    let bytes = host.readFile(path, TextfileState.limit).contents ?? []
    let comments = bytes[...].lines().prefix { $0.starts(with: Statements.mark) }
    lines = comments.map { $0.dropFirst(Statements.mark.utf8.count).text }
  }

  /// The statements as comments of the exposition format.
  var comments: [UInt8] { Array(lines.map { Statements.mark + $0 + "\n" }.joined().utf8) }

  private static let mark = "# gpu-sessions: "
}

/// Writes to standard error what a run has to say.
///
/// With `--only-changes` nothing is written that the run before has said too. If nothing new is left to be said, what the
/// run before has said and this one does not is written as over. `--verbose` always says all.
func say(_ statements: Statements, _ host: Host, _ options: Options) {
  let isRepeated = options.saysOnlyChanges && options.output != "-" && options.verbosity != .verbose
  let before = isRepeated ? Statements(published: options.output, host).lines : []
  let new = statements.lines.filter { !before.contains($0) }
  let over = before.filter { !statements.lines.contains($0) }
  for line in new.isEmpty ? over.map({ "no longer: " + $0 }) : new { diagnose(line, host) }
}
