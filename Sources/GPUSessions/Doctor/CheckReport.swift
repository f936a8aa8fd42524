/// The output of `check` for a person: per check one line with result, name and what was seen, below it the advice; at
/// the end how many checks had each result.
///
/// `--quiet` leaves out all but warnings and failures; `--verbose` adds each question and how long the answer took.
func checkText(_ runs: [CheckRun], _ page: Page, _ verbosity: Options.Verbosity) -> String {
  // Lines may be longer than the page is wide: nobody can act on half a sentence.
  let page = page.unbounded
  let width = runs.map(\.check.name.utf8.count).max() ?? 0
  let margin = String(repeating: " ", count: 4 + 2 + width + 2)
  var text = ""
  for run in runs {
    let finding = run.finding
    if verbosity == .quiet, finding.result != .warn, finding.result != .fail { continue }
    var line = TableLine()
    line.add(finding.result.rawValue, finding.result.style)
    line.add("  " + run.check.name.fitted(width) + "  ")
    line.add(finding.seen.printable, finding.result == .skip ? .faint : .plain)
    text += page.text(of: line)
    if let advice = finding.advice { text += page.text(of: below(margin, advice.printable, .strong)) }
    if verbosity == .verbose {
      text += page.text(of: below(margin, "\(run.check.title) \(Quantity.seconds(run.duration))", .faint))
    }
  }
  return verbosity == .quiet ? text : text + tally(runs) + "\n"
}

/// A line that begins with the margin, below the text of the line above.
private func below(_ margin: String, _ text: String, _ style: TableLine.Style) -> TableLine {
  var line = TableLine()
  line.add(margin)
  line.add(text, style)
  return line
}

/// How many checks had each result: `12 pass, 1 warn, 1 fail, 1 skip`.
private func tally(_ runs: [CheckRun]) -> String {
  CheckResult.allCases.map { result in "\(runs.count { $0.finding.result == result }) \(result.rawValue)" }
    .joined(separator: ", ")
}

extension CheckResult {
  fileprivate var style: TableLine.Style {
    switch self {
    case .pass: .good
    case .warn: .caution
    case .fail: .bad
    case .skip: .faint
    }
  }
}

/// The output of `check --json`.
func checkJSON(_ runs: [CheckRun]) -> String {
  let checks = runs.map { run in
    JSONOutput.object([
      ("name", .string(run.check.name)), ("title", .string(run.check.title)),
      ("result", .string(run.finding.result.rawValue)), ("seen", .sentence(run.finding.seen)),
      ("advice", .sentence(run.finding.advice)), ("duration_seconds", .number(run.duration.inSeconds)),
      ("limit_seconds", .number(run.limit.inSeconds)),
    ])
  }
  let tally = CheckResult.allCases.map { result in
    (name: result.rawValue, value: JSONOutput.number(Double(runs.count { $0.finding.result == result })))
  }
  let object = JSONOutput.object([
    ("checks", .array(checks)), ("tally", .object(tally)), ("version", .string(version)),
  ])
  return JSONWriter(object).bytes[...].text
}
