/// What a table is printed on.
package struct Page: Sendable {
  /// Columns that a line may take.
  package var width: Int
  /// Whether SGR sequences are understood and wanted.
  package var isColoured: Bool

  package init(width: Int, isColoured: Bool) {
    self.width = width
    self.isColoured = isColoured
  }

  /// The line as printed: cut to the width, nothing blank at its end.
  func text(of line: TableLine) -> String {
    var spans = line.spans
    while let last = spans.last {
      var bytes = Array(last.text.utf8)[...]
      while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
      let bare = bytes.text
      spans[spans.count - 1].text = bare
      if !bare.isEmpty { break }
      spans.removeLast()
    }
    var rest = width
    var result = ""
    for (position, span) in spans.enumerated() {
      let isLast = position == spans.count - 1
      // The column that `…` needs is kept while there is more to come.
      let isTooLong = span.text.columns > rest || (!isLast && span.text.columns == rest)
      let text = isTooLong ? (span.text + "…").cut(to: rest) : span.text
      result += styled(text, span.style)
      if isTooLong { break }
      rest -= text.columns
    }
    return result + "\n"
  }

  private func styled(_ text: String, _ style: TableLine.Style) -> String {
    guard isColoured, let code = style.code, !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

/// One line of a table, in pieces of one style each.
struct TableLine {
  /// How a piece stands out.
  enum Style {
    case plain, strong, faint, good, caution, bad

    /// The SGR parameter; `nil` for none.
    fileprivate var code: String? {
      switch self {
      case .plain: nil
      case .strong: "1"
      case .faint: "2"
      case .good: "32"
      case .caution: "33"
      case .bad: "31"
      }
    }
  }

  struct Span {
    var text: String
    var style: Style
  }

  var spans: [Span] = []

  /// Adds a piece; text from outside is ``Swift/String/printable`` already.
  mutating func add(_ text: String, _ style: Style = .plain) { spans.append(Span(text: text, style: style)) }
}
