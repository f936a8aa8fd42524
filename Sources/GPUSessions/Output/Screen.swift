/// The terminal's alternate screen, by control sequences of ECMA-48 and of xterm's private modes.
struct Screen {
  /// Shows the alternate screen, empty, without cursor and without going on in the next line at the end of a line.
  static let enter = "\u{1B}[?1049h\u{1B}[2J\u{1B}[?25l\u{1B}[?7l"
  /// Undoes ``enter``: the normal screen is back as it was.
  static let leave = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  var page: Page
  /// The number of lines.
  var height: Int

  /// Returns what draws the lines over what is on the screen. Nothing is erased that is not at once drawn over.
  func drawing(_ lines: [TableLine]) -> String {
    let shown = cut(lines).map(page.fitted)
    // In a line that is full, the cursor stays on the last character, which clearing would take away.
    let rows = shown.map { page.styled($0) + ($0.columns < page.width ? "\u{1B}[K" : "") }
    let isFull = shown.count >= height
    // The cursor goes to the top, where a key that is pressed moves nothing.
    return "\u{1B}[H" + rows.joined(separator: "\r\n") + (isFull ? "" : "\r\n\u{1B}[J") + "\u{1B}[H"
  }

  /// The lines that have room; the last one says how many have none.
  private func cut(_ lines: [TableLine]) -> [TableLine] {
    if lines.count <= height { return lines }
    let kept = max(0, height - 1)
    var last = TableLine()
    last.add("… \(lines.count - kept) more lines", .faint)
    return lines.prefix(kept) + [last]
  }
}

extension Page {
  /// Returns a text as lines that fit, broken at spaces. A word that is longer than a line is cut when it is drawn.
  func wrapped(_ text: String, _ style: TableLine.Style = .plain) -> [TableLine] {
    var lines: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if let last = lines.last, last.columns + 1 + String(word).columns <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { text in
      var line = TableLine()
      line.add(text, style)
      return line
    }
  }
}
