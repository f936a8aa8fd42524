/// The output of `show`: devices with their sessions, then the problems of the collection. It is empty for a failed run.
func showTable(_ outcome: Outcome, _ page: Page, _ changes: SessionChanges = SessionChanges()) -> String {
  guard let node = outcome.node else { return "" }
  let problems = problemLines(outcome)
  return tableLines(node, page, changes).map(page.text).joined()
    + (problems.isEmpty ? "" : "\n") + problems.map(page.unbounded.text).joined()
}

/// The lines of the devices with their sessions, and those that have ended, marked.
func tableLines(_ node: NodeState, _ page: Page, _ changes: SessionChanges) -> [TableLine] {
  let columns = TableColumns(node, page, ended: changes.ended)
  let rows = DeviceRow.all(node)
  let measures = DeviceRow.Measures(rows, page)
  let sessionsByDevice = Dictionary(grouping: node.sessions, by: \.device)
  var lines: [TableLine] = []
  var isHeadNeeded = false
  for row in rows {
    if row.isPhysical {
      if !lines.isEmpty { lines.append(TableLine()) }
      isHeadNeeded = true
    }
    lines.append(row.line(measures))
    let sessions = row.device.flatMap { sessionsByDevice[$0] } ?? []
    let ended = row.device.flatMap { device in changes.ended.filter { $0.device == device } } ?? []
    if isHeadNeeded, !sessions.isEmpty || !ended.isEmpty {
      lines.append(columns.head)
      isHeadNeeded = false
    }
    lines += sessions.map { columns.line($0, node, changes.mark(of: $0)) }
    lines += ended.map { columns.line($0, node, .ended) }
  }
  return lines
}

/// A title, and how often each problem came up and what it means; empty if there is none. These lines may be longer than
/// the page is wide.
func problemLines(_ outcome: Outcome) -> [TableLine] {
  let problems = outcome.problems.filter { $0.count > 0 }
  if problems.isEmpty { return [] }
  let width = problems.map { "\($0.count)".utf8.count }.max() ?? 0
  var title = TableLine()
  title.add("Problems", .bad)
  return [title]
    + problems.map { problem in
      var line = TableLine()
      line.add("  " + "\(problem.count)".fitted(width, atRight: true) + "  " + problem.meaning)
      return line
    }
}
