/// One value, name or container of a document, in the order in which they begin.
struct JSONNode: Sendable {
  enum Kind: UInt8, Sendable {
    case object, array, string, escapedString, number, boolean, null
  }

  var kind: Kind
  /// The bytes of a string without its quotes.
  var start: UInt32
  var end: UInt32
  /// Where the next node stands that is not within this one.
  var next: UInt32

  init(_ kind: Kind, from start: Int, to end: Int, next: Int) {
    self.kind = kind
    (self.start, self.end, self.next) = (UInt32(clamping: start), UInt32(clamping: end), UInt32(clamping: next))
  }

  var bytes: Range<Int> { Int(start)..<Int(end) }

  /// Whether it is a name or text, and this one, in the document that it is of.
  @inline(__always)
  func isText(_ text: String, in document: [UInt8]) -> Bool {
    switch kind {
    case .string: document.span.extracting(bytes).equals(text)
    case .escapedString: (try? jsonText(document[bytes])) == text
    default: false
    }
  }
}

/// Reads JSON text by the letter of RFC 8259; nothing is copied. What is no such text is a ``JSONMismatch``.
struct JSONScanner {
  let bytes: [UInt8]
  private var position = 0
  /// How many containers are open.
  private var depth = 0
  /// The values passed over, where they are kept.
  private(set) var nodes: [JSONNode] = []
  private var isKept = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Passes over the whole text, so that ``nodes`` has it.
  mutating func scan() throws(JSONMismatch) {
    isKept = true
    nodes.reserveCapacity(bytes.count / 12)
    try begin()
    try skip()
    try end()
  }

  /// Comes before the document's value: it must be UTF-8, and not too long for a node.
  func begin() throws(JSONMismatch) {
    guard bytes.count < UInt32.max, (try? UTF8Span(validating: bytes.span)) != nil else { throw JSONMismatch() }
  }

  /// Comes after it: nothing but blanks may follow.
  mutating func end() throws(JSONMismatch) {
    skipBlanks()
    if position != bytes.count { throw JSONMismatch() }
  }

  /// Passes over the value that follows.
  mutating func skip() throws(JSONMismatch) {
    switch next {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "{"): try container(.object)
    case UInt8(ascii: "["): try container(.array)
    case UInt8(ascii: "t"): try word("true", .boolean)
    case UInt8(ascii: "f"): try word("false", .boolean)
    case UInt8(ascii: "n"): try word("null", .null)
    default: try number()
    }
  }

  /// The byte that follows after blanks; `nil` at the end.
  var next: UInt8? {
    mutating get {
      skipBlanks()
      return position < bytes.count ? bytes[position] : nil
    }
  }

  private mutating func container(_ kind: JSONNode.Kind) throws(JSONMismatch) {
    let (index, start) = (nodes.count, position)
    append(kind, from: start, to: start)
    if kind == .object {
      try members { scanner, _ throws(JSONMismatch) in try scanner.skip() }
    } else {
      try elements { scanner throws(JSONMismatch) in try scanner.skip() }
    }
    if isKept { nodes[index] = JSONNode(kind, from: start, to: position, next: nodes.count) }
  }

  @inline(__always)
  private mutating func append(_ kind: JSONNode.Kind, from start: Int, to end: Int) {
    if isKept { nodes.append(JSONNode(kind, from: start, to: end, next: nodes.count + 1)) }
  }
}

/// Containers.
extension JSONScanner {
  /// Passes over the object that follows; `body` does so with the value of each member.
  @inline(__always)
  mutating func members(
    _ body: (inout JSONScanner, _ name: JSONNode) throws(JSONMismatch) -> Void
  ) throws(JSONMismatch) {
    try each(from: UInt8(ascii: "{"), to: UInt8(ascii: "}")) { scanner throws(JSONMismatch) in
      let name = try scanner.string()
      guard scanner.take(UInt8(ascii: ":")) else { throw JSONMismatch() }
      try body(&scanner, name)
    }
  }

  /// Passes over the list that follows; `body` does so with each element.
  @inline(__always)
  mutating func elements(_ body: (inout JSONScanner) throws(JSONMismatch) -> Void) throws(JSONMismatch) {
    try each(from: UInt8(ascii: "["), to: UInt8(ascii: "]"), body)
  }

  /// Deeper than any runtime writes; the recursion ends here.
  private static let depthLimit = 512

  @inline(__always)
  private mutating func each(
    from opening: UInt8, to closing: UInt8, _ body: (inout JSONScanner) throws(JSONMismatch) -> Void
  ) throws(JSONMismatch) {
    guard depth < JSONScanner.depthLimit, take(opening) else { throw JSONMismatch() }
    if take(closing) { return }
    depth += 1
    repeat { try body(&self) } while take(UInt8(ascii: ","))
    depth -= 1
    if !take(closing) { throw JSONMismatch() }
  }

  /// Whether the byte follows; it and the blanks before it are then passed over.
  @inline(__always)
  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    return takeHere(byte)
  }

  /// Whether the byte stands here; it is then passed over.
  @inline(__always)
  private mutating func takeHere(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  @inline(__always)
  private mutating func skipBlanks() {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }
}

/// The leaves.
extension JSONScanner {
  /// Passes over the string that follows.
  mutating func string() throws(JSONMismatch) -> JSONNode {
    guard take(UInt8(ascii: "\"")) else { throw JSONMismatch() }
    let start = position
    var kind = JSONNode.Kind.string
    while true {
      position = end(ofPlainFrom: position)
      if takeHere(UInt8(ascii: "\"")) { break }
      // Anything else is a control character, which must not stand in a string.
      try escape()
      kind = .escapedString
    }
    append(kind, from: start, to: position - 1)
    return JSONNode(kind, from: start, to: position - 1, next: 0)
  }

  /// Where the first byte from there on stands that is not simply a part of a string.
  @inline(__always)
  private func end(ofPlainFrom start: Int) -> Int {
    let end = bytes.span.first(from: start) { word in
      marks(of: UInt8(ascii: "\""), in: word) | marks(of: UInt8(ascii: "\\"), in: word)
        | marks(below: 0x20, in: word)
    }
    return end ?? bytes.count
  }

  /// Passes over one escape; whether its surrogates come in pairs is seen when the text is made.
  private mutating func escape() throws(JSONMismatch) {
    guard takeHere(UInt8(ascii: "\\")), position < bytes.count else { throw JSONMismatch() }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "u"):
      guard position + 4 <= bytes.count, bytes[position..<(position + 4)].isHex else { throw JSONMismatch() }
      position += 4
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      break
    default: throw JSONMismatch()
    }
  }

  private mutating func word(_ word: String, _ kind: JSONNode.Kind) throws(JSONMismatch) {
    guard bytes[position...].starts(with: word) else { throw JSONMismatch() }
    append(kind, from: position, to: position + word.utf8.count)
    position += word.utf8.count
  }

  /// `-`, digits without a leading 0, a fraction, an exponent.
  private mutating func number() throws(JSONMismatch) {
    let start = position
    _ = takeHere(UInt8(ascii: "-"))
    if !takeHere(UInt8(ascii: "0")) { try digits() }
    if takeHere(UInt8(ascii: ".")) { try digits() }
    if takeHere(UInt8(ascii: "e")) || takeHere(UInt8(ascii: "E")) {
      if !takeHere(UInt8(ascii: "+")) { _ = takeHere(UInt8(ascii: "-")) }
      try digits()
    }
    append(.number, from: start, to: position)
  }

  /// At least one digit.
  private mutating func digits() throws(JSONMismatch) {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    if position == start { throw JSONMismatch() }
  }
}
