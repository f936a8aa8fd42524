extension String {
  /// How many columns a terminal gives the string, which must be ``printable``.
  package var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

  /// Returns the string cut to so many columns; `…` at the end shows that something is missing.
  package func cut(to limit: Int) -> String {
    if utf8.count <= limit || columns <= limit { return self }
    guard limit > 0 else { return "" }
    var result = String.UnicodeScalarView()
    var used = 0
    for scalar in unicodeScalars {
      if used + scalar.columns > limit - 1 { break }
      used += scalar.columns
      result.append(scalar)
    }
    result.append("…")
    return String(result)
  }

  /// Returns the string cut or filled with spaces to exactly so many columns.
  package func fitted(_ width: Int, atRight: Bool = false) -> String {
    let text = cut(to: width)
    let blanks = String(repeating: " ", count: max(0, width - text.columns))
    return atRight ? blanks + text : text + blanks
  }
}

extension Unicode.Scalar {
  /// How many columns a terminal gives the character: 0 for a mark on the character before, 2 for a wide one, else 1.
  fileprivate var columns: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return wideRanges.contains { $0.contains(value) } ? 2 : 1
    }
  }
}

/// Wide and fullwidth characters of East Asia and emoji: classes `W` and `F` of Unicode's EastAsianWidth.txt, with the
/// gaps between near ranges closed.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653,
  0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26F2...0x26F3, 0x270A...0x270B, 0x2753...0x2755,
  0x2795...0x2797, 0x2B1B...0x2B1C, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
  0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
  0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F191...0x1F19A, 0x1F200...0x1F265, 0x1F300...0x1F64F,
  0x1F680...0x1F6FF, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
]
