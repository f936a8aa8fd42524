/// The page on which lines are printed: a terminal, a pipe or a file.
package struct Page: Sendable {
  /// The most columns of a line.
  package var width: Int
  /// Whether lines may have colours, as SGR escape sequences (ECMA-48).
  package var isColoured: Bool

  package init(width: Int, isColoured: Bool) {
    self.width = width
    self.isColoured = isColoured
  }

  /// A page on which no line is cut.
  var unbounded: Page { Page(width: .max, isColoured: isColoured) }

  /// Returns the line as printed: ``fitted(_:)``, with a line feed.
  func text(of line: TableLine) -> String { styled(fitted(line)) + "\n" }

  /// Returns the line with its styles.
  func styled(_ line: TableLine) -> String { line.spans.map { styled($0.text, $0.style) }.joined() }

  /// Returns the line cut to the width, without spaces at its end.
  func fitted(_ line: TableLine) -> TableLine {
    var spans = line.spans
    while var last = spans.popLast() {
      let bytes = Array(last.text.utf8)
      guard let end = bytes.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { continue }
      last.text = bytes[...end].text
      spans.append(last)
      break
    }
    var rest = width
    var result = TableLine()
    for (index, span) in spans.enumerated() {
      let isLast = index == spans.count - 1
      // A span that fills the line exactly is cut too if another follows: `…` needs the last column.
      let isTooLong = span.text.columns > rest || (!isLast && span.text.columns == rest)
      let text = isTooLong ? (span.text + "…").cut(to: rest) : span.text
      result.add(text, span.style)
      if isTooLong { break }
      rest -= text.columns
    }
    return result
  }

  private func styled(_ text: String, _ style: TableLine.Style) -> String {
    guard isColoured, let code = style.code, !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

/// One line of a table as spans, each of one style.
struct TableLine {
  /// How a span stands out.
  enum Style {
    case plain, strong, faint, good, caution, bad

    /// The parameter of the SGR sequence; `nil` for plain text.
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

  /// How many columns a terminal gives the line.
  var columns: Int { spans.reduce(0) { $0 + $1.text.columns } }

  /// Adds a span. The caller has made text from outside ``Swift/String/printable``.
  mutating func add(_ text: String, _ style: Style = .plain) { spans.append(Span(text: text, style: style)) }
}
