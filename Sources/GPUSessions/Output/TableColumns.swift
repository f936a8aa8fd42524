/// The columns of the lines of sessions. They are as wide below every device.
struct TableColumns {
  /// One column.
  struct Column: Sendable {
    var head: String
    /// Numbers are aligned at the right.
    var isNumber = false
    /// The fewest columns to which cells may be cut; `nil` if cells are never cut.
    var narrowest: Int?
    /// The text for a session.
    var cell: @Sendable (Session, NodeState) -> String
  }

  private var columns: [(column: Column, width: Int)]

  private static let indent = "     "
  private static let gap = 2

  private static let all: [Column] = [
    Column(head: "PID", isNumber: true) { session, _ in "\(session.pid)" },
    Column(head: "OWNER", narrowest: 12) { session, _ in ownerText(session) },
    Column(head: "CONTAINER", narrowest: 9) { session, _ in session.owner.container.orDash },
    Column(head: "COMMAND", narrowest: 9) { session, _ in
      // A process that is dead and still holds its device is marked.
      session.command.orDash + (session.defunct.map { " (\($0.rawValue))" } ?? "")
    },
    Column(head: "MEMORY", isNumber: true) { session, _ in Quantity.memory(session.memoryBytes) },
    Column(head: "SM", isNumber: true) { session, _ in Quantity.percent(session.utilization.sm) },
    Column(head: "AGE", isNumber: true) { session, node in
      guard let now = node.listedSeconds, let start = session.startTimeSeconds else { return "-" }
      return Quantity.age(now - start)
    },
  ]

  /// The columns that are left out, in this order, if the page is too narrow even for cut cells.
  private static let dispensable = ["CONTAINER", "AGE", "SM", "COMMAND"]

  /// Makes every column as wide as its contents. If the page is narrower, the widest columns are cut first. `ended` are
  /// sessions that are not in `node` and have lines too.
  init(_ node: NodeState, _ page: Page, ended: [Session] = []) {
    let sessions = node.sessions + ended
    columns = TableColumns.all.map { column in
      let cells = sessions.map { min(page.width, column.cell($0, node).printable.columns) }
      return (column, max(column.head.columns, cells.max() ?? 0))
    }
    for head in TableColumns.dispensable where narrowest > page.width {
      columns.removeAll { $0.column.head == head }
    }
    while total > page.width, let widest = widestCuttable { columns[widest].width -= 1 }
  }

  /// The line of the heads.
  var head: TableLine {
    var line = TableLine()
    line.add(TableColumns.indent)
    for (column, width) in columns { add(column.head, column, width, .faint, to: &line) }
    return line
  }

  /// The line of one session, with its mark in the margin.
  func line(_ session: Session, _ node: NodeState, _ mark: SessionChanges.Mark? = nil) -> TableLine {
    var line = TableLine()
    if let mark {
      line.add("  " + mark.rawValue + "  ", mark.style)
    } else {
      line.add(TableColumns.indent)
    }
    for (column, width) in columns {
      add(column.cell(session, node).printable, column, width, mark == .ended ? .faint : .plain, to: &line)
    }
    return line
  }

  private func add(
    _ text: String, _ column: Column, _ width: Int, _ style: TableLine.Style, to line: inout TableLine
  ) {
    line.add(text.fitted(width, atRight: column.isNumber), style)
    line.add(String(repeating: " ", count: TableColumns.gap))
  }

  private var total: Int { width { $0.width } }
  /// The width of the line if every column is cut as far as possible.
  private var narrowest: Int { width { min($0.width, $0.column.narrowest ?? $0.width) } }

  /// The width of a line whose columns have these widths.
  private func width(_ width: ((column: Column, width: Int)) -> Int) -> Int {
    TableColumns.indent.utf8.count + columns.reduce(-TableColumns.gap) { $0 + width($1) + TableColumns.gap }
  }

  /// The index of the widest column that can be cut further; `nil` if there is none.
  private var widestCuttable: Int? {
    columns.indices.filter { columns[$0].width > columns[$0].column.narrowest ?? .max }
      .max { columns[$0].width < columns[$1].width }
  }
}

/// `namespace/pod`; outside of pods the user and the Slurm job, or else the systemd unit.
private func ownerText(_ session: Session) -> String {
  let owner = session.owner
  if !owner.pod.isEmpty { return owner.namespace.isEmpty ? owner.pod : "\(owner.namespace)/\(owner.pod)" }
  let job = owner.slurmJobID.map { "slurm job \($0)" } ?? owner.unit
  return [session.user, job].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ").orDash
}

extension String {
  fileprivate var orDash: String { isEmpty ? "-" : self }
}
