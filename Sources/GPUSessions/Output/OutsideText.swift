/// Text that somebody else has chosen: names of processes, pods, containers, users, units and products.
extension String {
  /// The most bytes of such a text in a label. Prometheus drops a whole scrape in which one label is longer than its
  /// `label_value_length_limit`.
  static let labelLimit = 128

  /// The text as labels and JSON have it: ``printable``, and cut to 128 bytes at a character.
  package var outsideText: String {
    if utf8Span.span.isPlain { return self }
    let text = printable
    if text.utf8.count <= String.labelLimit { return text }
    var kept = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      count += UTF8.width(scalar)
      if count > String.labelLimit { break }
      kept.append(scalar)
    }
    return String(kept)
  }

  /// The string without characters that move the cursor, start an escape sequence, change the direction of writing, or
  /// print nothing at all.
  ///
  /// Control characters (C0, DEL, C1), format characters (bidirectional overrides, zero-width characters), line and
  /// paragraph separators, fillers and private characters become U+FFFD. Text from outside must not reach a terminal
  /// without this.
  package var printable: String { printable(with: "\u{FFFD}") }

  /// The string with `replacement` for each character that ``printable`` replaces.
  func printable(with replacement: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(scalar.isPrintable ? scalar : replacement) }
    return String(result)
  }
}

extension Span<UInt8> {
  /// Whether the text is printable ASCII that is not too long, as nearly every one is.
  var isPlain: Bool { count <= String.labelLimit && areAll { 0x20 <= $0 && $0 <= 0x7E } }
}

extension Unicode.Scalar {
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: false
    // The fillers of Hangul, variation selectors and places that Unicode keeps for more of the kind print nothing, as does the
    // empty pattern of Braille.
    default: !properties.isDefaultIgnorableCodePoint && value != 0x2800
    }
  }
}
