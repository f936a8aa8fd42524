/// One value, name or container of a document, in the order in which they begin.
struct JSONNode: Sendable {
  enum Kind: UInt8, Sendable {
    case object, array, string, escapedString, number, boolean, null
  }

  var kind: Kind
  /// The bytes of a string without its quotes.
  var start: Int
  var end: Int
  /// Where the next node stands that is not within this one.
  var next: Int
}

/// Reads JSON text by the letter of RFC 8259 into a flat list of nodes; nothing is copied.
struct JSONScanner {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var nodes: [JSONNode] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether the bytes are one value, with nothing but blanks around it.
  mutating func scan() -> Bool {
    nodes.reserveCapacity(bytes.count / 16)
    guard (try? UTF8Span(validating: bytes.span)) != nil else { return false }
    skipBlanks()
    guard value(depth: 0) else { return false }
    skipBlanks()
    return position == bytes.count
  }

  /// Deeper than any runtime writes; the recursion ends here.
  private static let depthLimit = 512

  private mutating func value(depth: Int) -> Bool {
    guard position < bytes.count else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "{"): return depth < JSONScanner.depthLimit && container(.object, depth)
    case UInt8(ascii: "["): return depth < JSONScanner.depthLimit && container(.array, depth)
    case UInt8(ascii: "t"): return word("true", .boolean)
    case UInt8(ascii: "f"): return word("false", .boolean)
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func container(_ kind: JSONNode.Kind, _ depth: Int) -> Bool {
    let index = nodes.count
    let closing = UInt8(ascii: kind == .object ? "}" : "]")
    nodes.append(JSONNode(kind: kind, start: position, end: position, next: 0))
    position += 1
    skipBlanks()
    if !take(closing) {
      repeat {
        skipBlanks()
        if kind == .object, !name() { return false }
        guard value(depth: depth + 1) else { return false }
        skipBlanks()
      } while take(UInt8(ascii: ","))
      if !take(closing) { return false }
    }
    nodes[index].end = position
    nodes[index].next = nodes.count
    return true
  }

  /// A member's name, the colon and the blanks up to its value.
  private mutating func name() -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), string() else { return false }
    skipBlanks()
    guard take(UInt8(ascii: ":")) else { return false }
    skipBlanks()
    return true
  }

  /// Whether the byte stands here; it is then passed over.
  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  private mutating func append(_ kind: JSONNode.Kind, from start: Int, to end: Int) {
    nodes.append(JSONNode(kind: kind, start: start, end: end, next: nodes.count + 1))
  }
}

/// The leaves.
extension JSONScanner {
  private mutating func string() -> Bool {
    let start = position + 1
    var kind = JSONNode.Kind.string
    position = start
    while true {
      position = end(ofPlainFrom: position)
      guard position < bytes.count else { return false }
      if take(UInt8(ascii: "\"")) {
        append(kind, from: start, to: position - 1)
        return true
      }
      // Anything else is a control character, which must not stand in a string.
      guard bytes[position] == UInt8(ascii: "\\"), escape() else { return false }
      kind = .escapedString
    }
  }

  /// Where the first byte from there on stands that is not simply a part of a string.
  private func end(ofPlainFrom start: Int) -> Int {
    let all = bytes.span
    for place in start..<all.count {
      let byte = all[place]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return place }
    }
    return all.count
  }

  /// Passes over one escape; whether its surrogates come in pairs is seen when the text is made.
  private mutating func escape() -> Bool {
    guard position + 1 < bytes.count else { return false }
    switch bytes[position + 1] {
    case UInt8(ascii: "u"):
      guard position + 6 <= bytes.count, bytes[(position + 2)..<(position + 6)].isHex else { return false }
      position += 6
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    default: return false
    }
    return true
  }

  private mutating func word(_ word: String, _ kind: JSONNode.Kind) -> Bool {
    guard bytes[position...].starts(with: word) else { return false }
    append(kind, from: position, to: position + word.utf8.count)
    position += word.utf8.count
    return true
  }

  /// `-`, digits without a leading 0, a fraction, an exponent.
  private mutating func number() -> Bool {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")), !digits() { return false }
    if take(UInt8(ascii: ".")), !digits() { return false }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if !digits() { return false }
    }
    append(.number, from: start, to: position)
    return true
  }

  /// At least one digit.
  private mutating func digits() -> Bool {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    return position > start
  }
}
