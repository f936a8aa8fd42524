/// The output of `show`: devices with their sessions, then the problems of the collection. It is empty for a failed run.
func showTable(_ outcome: Outcome, _ page: Page) -> String {
  guard let node = outcome.node else { return "" }
  let columns = TableColumns(node, page)
  let rows = DeviceRow.all(node)
  let measures = DeviceRow.Measures(rows, page)
  let sessionsByDevice = Dictionary(grouping: node.sessions, by: \.device)
  var text = ""
  var isHeadNeeded = false
  for row in rows {
    if row.isPhysical {
      if !text.isEmpty { text += "\n" }
      isHeadNeeded = true
    }
    text += page.text(of: row.line(measures))
    let sessions = row.device.flatMap { sessionsByDevice[$0] } ?? []
    if isHeadNeeded, !sessions.isEmpty {
      text += page.text(of: columns.head)
      isHeadNeeded = false
    }
    for session in sessions { text += page.text(of: columns.line(session, node)) }
  }
  return text + problemLines(outcome, page)
}

/// How often each problem came up, and what it means. These lines are not cut to the width of the page.
private func problemLines(_ outcome: Outcome, _ page: Page) -> String {
  let problems = outcome.problems.filter { $0.count > 0 }
  if problems.isEmpty { return "" }
  let page = page.unbounded
  let width = problems.map { "\($0.count)".utf8.count }.max() ?? 0
  var title = TableLine()
  title.add("Problems", .bad)
  return "\n" + page.text(of: title)
    + problems.map { problem in
      var line = TableLine()
      line.add("  " + "\(problem.count)".fitted(width, atRight: true) + "  " + problem.meaning)
      return page.text(of: line)
    }.joined()
}
