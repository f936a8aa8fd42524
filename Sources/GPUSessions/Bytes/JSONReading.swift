/// Reading a document as it goes, where there is much of it: no value is kept but what is taken.
extension JSONScanner {
  /// What `read` makes of the one value that the bytes are; `nil` where they are damaged or have another shape.
  static func read<Value>(_ bytes: [UInt8], _ read: (inout JSONScanner) throws(JSONMismatch) -> Value) -> Value? {
    var scanner = JSONScanner(bytes)
    do throws(JSONMismatch) {
      try scanner.begin()
      let value = try read(&scanner)
      try scanner.end()
      return value
    } catch {
      return nil
    }
  }

  /// Whether the name is this one.
  @inline(__always)
  func isText(_ text: String, _ name: JSONNode) -> Bool { name.isText(text, in: bytes) }

  /// The bytes of the text that follows; nearly always those of the document.
  mutating func text() throws(JSONMismatch) -> ArraySlice<UInt8> {
    try text(of: string())
  }

  /// The same of a name or text that was passed over.
  func text(of node: JSONNode) throws(JSONMismatch) -> ArraySlice<UInt8> {
    let raw = bytes[node.bytes]
    return node.kind == .string ? raw : Array(try jsonText(raw).utf8)[...]
  }

  /// Whether `null` follows; it is then passed over.
  mutating func takeNull() throws(JSONMismatch) -> Bool {
    guard next == UInt8(ascii: "n") else { return false }
    try skip()
    return true
  }
}
