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
    guard scanner.scan() else { return nil }
    self.init(JSONSource(bytes, scanner.nodes), 0)
  }

  private init(_ source: JSONSource, _ index: Int) { (self.source, self.index) = (source, index) }

  private var node: JSONNode { source.nodes[index] }

  package var isObject: Bool { node.kind == .object }
  package var isNull: Bool { node.kind == .null }

  /// The value under this name, the first of several; `nil` where there is none, or `null`.
  package func member(_ name: String) throws(JSONMismatch) -> JSONValue? {
    guard let value = try value(named: name), !value.isNull else { return nil }
    return value
  }

  /// Whether the object has the name, be it for `null`.
  package func has(_ name: String) throws(JSONMismatch) -> Bool {
    try value(named: name) != nil
  }

  private func value(named name: String) throws(JSONMismatch) -> JSONValue? {
    guard node.kind == .object else { throw JSONMismatch() }
    var place = index + 1
    while place < node.next {
      if isNamed(name, source.nodes[place]) { return JSONValue(source, place + 1) }
      place = source.nodes[place + 1].next
    }
    return nil
  }

  /// Names and values of an object, in the order in which they stand there; of several with one name the first.
  package func members() throws(JSONMismatch) -> [(name: String, value: JSONValue)] {
    guard node.kind == .object else { throw JSONMismatch() }
    var members: [(name: String, value: JSONValue)] = []
    var names: Set<String> = []
    var place = index + 1
    while place < node.next {
      let name = try JSONValue(source, place).text()
      if names.insert(name).inserted { members.append((name, JSONValue(source, place + 1))) }
      place = source.nodes[place + 1].next
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
    let node = node
    guard node.kind == .array else { throw JSONMismatch() }
    var place = index + 1
    while place < node.next {
      try body(JSONValue(source, place))
      place = source.nodes[place].next
    }
  }

  /// The value of an object that has one member, whatever its name.
  package var onlyMember: JSONValue? {
    guard node.kind == .object, index + 2 < source.nodes.count, source.nodes[index + 2].next == node.next,
      node.next > index + 1
    else { return nil }
    return JSONValue(source, index + 2)
  }

  package func text() throws(JSONMismatch) -> String {
    switch node.kind {
    case .string: return source.bytes[node.start..<node.end].text
    case .escapedString: return try jsonText(source.bytes[node.start..<node.end])
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

  private func isNamed(_ name: String, _ node: JSONNode) -> Bool {
    let raw = source.bytes[node.start..<node.end]
    if node.kind == .string { return raw.equals(name) }
    return (try? jsonText(raw)) == name
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
