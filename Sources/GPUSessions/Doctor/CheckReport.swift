/// The lines of `check` for a person: result, name, what was seen, below it what to do; at the end the tally.
///
/// `--quiet` leaves only what warns or fails, `--verbose` adds each question and how long the answer took.
func checkText(_ items: [CheckedItem], _ page: Page, _ verbosity: Options.Verbosity) -> String {
  // Sentences are not cut.
  let page = Page(width: .max, isColoured: page.isColoured)
  let width = items.map(\.check.name.utf8.count).max() ?? 0
  let margin = String(repeating: " ", count: 4 + 2 + width + 2)
  var text = ""
  for item in items {
    let finding = item.finding
    if verbosity == .quiet, finding.result != .warn, finding.result != .fail { continue }
    var line = TableLine()
    line.add(finding.result.rawValue, finding.result.style)
    line.add("  " + item.check.name.fitted(width) + "  ")
    line.add(finding.seen.printable, finding.result == .skip ? .faint : .plain)
    text += page.text(of: line)
    if let advice = finding.advice { text += page.text(of: below(margin, advice.printable, .strong)) }
    if verbosity == .verbose {
      text += page.text(of: below(margin, "\(item.check.title) \(Quantity.seconds(item.duration))", .faint))
    }
  }
  return verbosity == .quiet ? text : text + tally(items) + "\n"
}

private func below(_ margin: String, _ text: String, _ style: TableLine.Style) -> TableLine {
  var line = TableLine()
  line.add(margin)
  line.add(text, style)
  return line
}

/// `12 pass, 1 warn, 1 fail, 1 skip`.
private func tally(_ items: [CheckedItem]) -> String {
  CheckResult.allCases.map { result in "\(items.count { $0.finding.result == result }) \(result.rawValue)" }
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

/// The object of `check --json`.
func checkJSON(_ items: [CheckedItem]) -> String {
  let checks = items.map { item in
    JSONOutput.object([
      ("name", .string(item.check.name)), ("title", .string(item.check.title)),
      ("result", .string(item.finding.result.rawValue)), ("seen", .string(item.finding.seen)),
      ("advice", .known(item.finding.advice)), ("duration_seconds", seconds(item.duration)),
      ("limit_seconds", seconds(item.limit)),
    ])
  }
  let tally = CheckResult.allCases.map { result in
    (name: result.rawValue, value: JSONOutput.number(Double(items.count { $0.finding.result == result })))
  }
  let object = JSONOutput.object([
    ("checks", .array(checks)), ("tally", .object(tally)), ("version", .string(version)),
  ])
  return JSONWriter(object).bytes[...].text
}

private func seconds(_ span: Nanoseconds) -> JSONOutput { .number(Double(span / 1000) / 1_000_000) }
