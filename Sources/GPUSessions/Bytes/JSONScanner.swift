/// One value or member name of a JSON document. Nodes stand in the order in which they begin.
struct JSONNode: Sendable {
  enum Kind: UInt8, Sendable {
    case object, array, string, escapedString, number, boolean, null
  }

  var kind: Kind
  /// Where the value stands in the document; a string without its quotes.
  var start: UInt32
  var end: UInt32
  /// The index of the first node that is not within this one.
  var next: UInt32

  var bytes: Range<Int> { Int(start)..<Int(end) }
}

/// Reads JSON text by the letter of RFC 8259 into nodes. No text is copied. Everything else is a ``JSONMismatch``.
///
/// It is the program's own because Foundation's decoder makes the executable several times larger.
struct JSONScanner {
  private var position = 0
  /// How many containers are open.
  private var depth = 0
  private(set) var nodes: [JSONNode] = []
  /// Whether the document has no backslash and no control character, so that each string ends at its first quote. Without
  /// line feeds, as programs write it, nearly every one is so.
  private let isPlain: Bool

  /// No runtime nests deeper. The limit ends the recursion.
  private static let depthLimit = 512

  /// Scans a whole document: UTF-8, one value, and only blanks after it.
  init(_ document: [UInt8]) throws(JSONMismatch) {
    let bytes = document.span
    guard bytes.count < UInt32.max, (try? UTF8Span(validating: bytes)) != nil else { throw JSONMismatch() }
    nodes.reserveCapacity(bytes.count / 12)
    isPlain = bytes.areAll { $0 >= 0x20 } && bytes.areAll { $0 != UInt8(ascii: "\\") }
    try scanValue(bytes)
    skipBlanks(bytes)
    if position != bytes.count { throw JSONMismatch() }
  }

  private mutating func scanValue(_ bytes: Span<UInt8>) throws(JSONMismatch) {
    skipBlanks(bytes)
    switch position < bytes.count ? bytes[position] : 0 {
    case UInt8(ascii: "\""): try scanString(bytes)
    case UInt8(ascii: "{"): try scanContainer(.object, closing: UInt8(ascii: "}"), bytes)
    case UInt8(ascii: "["): try scanContainer(.array, closing: UInt8(ascii: "]"), bytes)
    case UInt8(ascii: "t"): try scanWord("true", .boolean, bytes)
    case UInt8(ascii: "f"): try scanWord("false", .boolean, bytes)
    case UInt8(ascii: "n"): try scanWord("null", .null, bytes)
    default: try scanNumber(bytes)
    }
  }

  private mutating func scanContainer(
    _ kind: JSONNode.Kind, closing: UInt8, _ bytes: Span<UInt8>
  ) throws(JSONMismatch) {
    guard depth < JSONScanner.depthLimit else { throw JSONMismatch() }
    let (index, start) = (nodes.count, position)
    append(kind, from: start)
    position += 1
    depth += 1
    if !take(closing, bytes) {
      repeat {
        if kind == .object {
          skipBlanks(bytes)
          try scanString(bytes)
          guard take(UInt8(ascii: ":"), bytes) else { throw JSONMismatch() }
        }
        try scanValue(bytes)
      } while take(UInt8(ascii: ","), bytes)
      if !take(closing, bytes) { throw JSONMismatch() }
    }
    depth -= 1
    nodes[index].end = UInt32(truncatingIfNeeded: position)
    nodes[index].next = UInt32(truncatingIfNeeded: nodes.count)
  }

  /// Adds a node that ends at the present position. No number is cut: the document has fewer than 2^32 bytes.
  private mutating func append(_ kind: JSONNode.Kind, from start: Int) {
    nodes.append(
      JSONNode(
        kind: kind, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position),
        next: UInt32(truncatingIfNeeded: nodes.count + 1)))
  }

  /// Passes over blanks and then over this byte; `false` if another one follows.
  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    skipBlanks(bytes)
    return takeHere(byte, bytes)
  }

  private mutating func takeHere(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks(_ bytes: Span<UInt8>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }
}

/// Strings, words and numbers.
extension JSONScanner {
  private mutating func scanString(_ bytes: Span<UInt8>) throws(JSONMismatch) {
    guard takeHere(UInt8(ascii: "\""), bytes) else { throw JSONMismatch() }
    let start = position
    let rest = bytes.extracting(droppingFirst: start)
    guard let length = rest.position(of: UInt8(ascii: "\"")) else { throw JSONMismatch() }
    guard isPlain || rest.extracting(first: length).areAll({ $0 >= 0x20 && $0 != UInt8(ascii: "\\") }) else {
      return try scanEscapedString(bytes)
    }
    position += length
    append(.string, from: start)
    position += 1
  }

  private mutating func scanEscapedString(_ bytes: Span<UInt8>) throws(JSONMismatch) {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        append(.escapedString, from: start)
        position += 1
        return
      case UInt8(ascii: "\\"): try scanEscape(bytes)
      case 0..<0x20: throw JSONMismatch()
      default: position += 1
      }
    }
    throw JSONMismatch()
  }

  /// Passes over one escape. Whether its surrogates come in pairs is seen when the text is made.
  private mutating func scanEscape(_ bytes: Span<UInt8>) throws(JSONMismatch) {
    guard position + 1 < bytes.count else { throw JSONMismatch() }
    let letter = bytes[position + 1]
    position += 2
    if letter == UInt8(ascii: "u") {
      guard position + 4 <= bytes.count else { throw JSONMismatch() }
      for offset in 0..<4 where !isHexDigit(bytes[position + offset]) { throw JSONMismatch() }
      position += 4
    } else if !"\"\\/bfnrt".utf8.contains(letter) {
      throw JSONMismatch()
    }
  }

  private mutating func scanWord(
    _ word: String, _ kind: JSONNode.Kind, _ bytes: Span<UInt8>
  ) throws(JSONMismatch) {
    let wanted = word.utf8Span.span
    guard position + wanted.count <= bytes.count else { throw JSONMismatch() }
    for offset in wanted.indices where bytes[position + offset] != wanted[offset] { throw JSONMismatch() }
    let start = position
    position += word.utf8.count
    append(kind, from: start)
  }

  /// `-`, digits without a leading 0, a fraction, an exponent.
  private mutating func scanNumber(_ bytes: Span<UInt8>) throws(JSONMismatch) {
    let start = position
    _ = takeHere(UInt8(ascii: "-"), bytes)
    if !takeHere(UInt8(ascii: "0"), bytes) { try scanDigits(bytes) }
    if takeHere(UInt8(ascii: "."), bytes) { try scanDigits(bytes) }
    if takeHere(UInt8(ascii: "e"), bytes) || takeHere(UInt8(ascii: "E"), bytes) {
      if !takeHere(UInt8(ascii: "+"), bytes) { _ = takeHere(UInt8(ascii: "-"), bytes) }
      try scanDigits(bytes)
    }
    append(.number, from: start)
  }

  /// At least one digit.
  private mutating func scanDigits(_ bytes: Span<UInt8>) throws(JSONMismatch) {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    if position == start { throw JSONMismatch() }
  }
}
