/// One value of a JSON document, by its place in it.
///
/// The documents are the kubelet's and the runtimes', and hold secrets of the workload (its environment): of the bytes
/// nothing is made but what is asked for by name. A value that is not of the kind asked for is a ``JSONMismatch``,
/// and the document then has another shape than ours.
package struct JSONValue: Sendable {
  private let source: JSONSource
  private let index: Int

  /// Reads a whole document; `nil` where it is not JSON in UTF-8, or nested more than 512 deep.
  package init?(_ bytes: [UInt8]) {
    var scanner = JSONScanner(bytes)
    guard (try? scanner.scan()) != nil else { return nil }
    self.init(JSONSource(bytes, scanner.nodes), 0)
  }

  private init(_ source: JSONSource, _ index: Int) { (self.source, self.index) = (source, index) }

  private var node: JSONNode { source.nodes[index] }

  /// Where the members or elements begin, and where what follows them does.
  private var inner: Range<Int> { (index + 1)..<Swift.max(index + 1, Int(node.next)) }

  package var isObject: Bool { node.kind == .object }
  package var isNull: Bool { node.kind == .null }

  /// The value under this name, the first of several; `nil` where there is none, or `null`.
  package func member(_ name: String) throws(JSONMismatch) -> JSONValue? {
    guard node.kind == .object else { throw JSONMismatch() }
    var (place, end) = (inner.lowerBound, inner.upperBound)
    while place < end {
      if source.nodes[place].isText(name, in: source.bytes) {
        return source.nodes[place + 1].kind == .null ? nil : JSONValue(source, place + 1)
      }
      place = Int(source.nodes[place + 1].next)
    }
    return nil
  }

  /// Names and values of an object, in the order in which they stand there; of several with one name the first.
  package func members() throws(JSONMismatch) -> [(name: String, value: JSONValue)] {
    guard node.kind == .object else { throw JSONMismatch() }
    var members: [(name: String, value: JSONValue)] = []
    var names: Set<String> = []
    var (place, end) = (inner.lowerBound, inner.upperBound)
    while place < end {
      let name = try JSONValue(source, place).text()
      if names.insert(name).inserted { members.append((name, JSONValue(source, place + 1))) }
      place = Int(source.nodes[place + 1].next)
    }
    return members
  }

  /// The values of a list.
  package func elements() throws(JSONMismatch) -> [JSONValue] {
    var elements: [JSONValue] = []
    try forEach { element throws(JSONMismatch) in elements.append(element) }
    return elements
  }

  /// The values of a list, one after another.
  package func forEach(_ body: (JSONValue) throws(JSONMismatch) -> Void) throws(JSONMismatch) {
    guard node.kind == .array else { throw JSONMismatch() }
    var (place, end) = (inner.lowerBound, inner.upperBound)
    while place < end {
      try body(JSONValue(source, place))
      place = Int(source.nodes[place].next)
    }
  }

  package func text() throws(JSONMismatch) -> String {
    switch node.kind {
    case .string: return source.bytes[node.bytes].text
    case .escapedString: return try jsonText(source.bytes[node.bytes])
    default: throw JSONMismatch()
    }
  }

  /// The text under this name; `nil` where there is none, or `null`.
  package func text(_ name: String) throws(JSONMismatch) -> String? { try member(name)?.text() }

  /// The text that must be there under this name.
  package func requiredText(_ name: String) throws(JSONMismatch) -> String {
    guard let text = try text(name) else { throw JSONMismatch() }
    return text
  }
}

/// The bytes and what stands where in them, shared by all values of the document.
private final class JSONSource: Sendable {
  let bytes: [UInt8]
  let nodes: [JSONNode]

  init(_ bytes: [UInt8], _ nodes: [JSONNode]) { (self.bytes, self.nodes) = (bytes, nodes) }
}

/// A value is missing, of another kind, or a text that no Unicode spells.
package struct JSONMismatch: Error {
  package init() {}
}

/// What a document says, `nil` where it is damaged or has another shape.
func readJSON<Value>(_ bytes: [UInt8], _ read: (JSONValue) throws(JSONMismatch) -> Value?) -> Value? {
  guard let document = JSONValue(bytes) else { return nil }
  do throws(JSONMismatch) {
    return try read(document)
  } catch {
    return nil
  }
}
