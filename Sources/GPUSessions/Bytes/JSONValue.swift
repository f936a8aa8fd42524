/// One value of a JSON document.
///
/// The documents are the kubelet's and the runtimes' and hold secrets of the workload (its environment): no text is made
/// of any byte that is not asked for by name. A value that is not of the kind asked for is a ``JSONMismatch``: the
/// document then has another shape than ours.
package struct JSONValue: Sendable {
  private let document: JSONDocument
  private let index: Int

  /// Reads a whole document; `nil` if it is not JSON in UTF-8, or nested more than 512 deep.
  package init?(_ bytes: [UInt8]) {
    guard let scanner = try? JSONScanner(bytes) else { return nil }
    self.init(JSONDocument(bytes, scanner.nodes), 0)
  }

  private init(_ document: JSONDocument, _ index: Int) {
    self.document = document
    self.index = index
  }

  private var node: JSONNode { document.nodes[index] }

  package var isObject: Bool { node.kind == .object }
  package var isNull: Bool { node.kind == .null }

  /// The value under this name, the first of several; `nil` if there is none.
  ///
  /// `null` counts as no value, unless `orNull` is set.
  package func member(_ name: String, orNull: Bool = false) throws(JSONMismatch) -> JSONValue? {
    guard isObject else { throw JSONMismatch() }
    var place = index + 1
    while place < Int(node.next) {
      let value = document.nodes[place + 1]
      if document.spells(name, at: place) {
        return value.kind == .null && !orNull ? nil : JSONValue(document, place + 1)
      }
      place = Int(value.next)
    }
    return nil
  }

  /// Names and values of an object in the order of the document; of several with one name the first.
  package func members() throws(JSONMismatch) -> [(name: String, value: JSONValue)] {
    guard isObject else { throw JSONMismatch() }
    var members: [(name: String, value: JSONValue)] = []
    var names: Set<String> = []
    var place = index + 1
    while place < Int(node.next) {
      let value = JSONValue(document, place + 1)
      let name = try JSONValue(document, place).text()
      if names.insert(name).inserted { members.append((name, value)) }
      place = Int(value.node.next)
    }
    return members
  }

  /// The values of an object in the order of the document.
  package func values() throws(JSONMismatch) -> [JSONValue] {
    guard isObject else { throw JSONMismatch() }
    return children(nodesEach: 2)
  }

  /// The values of a list.
  package func elements() throws(JSONMismatch) -> [JSONValue] {
    guard node.kind == .array else { throw JSONMismatch() }
    return children(nodesEach: 1)
  }

  /// The values within this one. With two nodes each the first of them is the value's name.
  private func children(nodesEach count: Int) -> [JSONValue] {
    var children: [JSONValue] = []
    var place = index + count
    while place < Int(node.next) {
      children.append(JSONValue(document, place))
      place = Int(document.nodes[place].next) + count - 1
    }
    return children
  }

  /// The values of a list; none of `null`, which is how Go writes an empty list.
  package func elementsOrNull() throws(JSONMismatch) -> [JSONValue] { isNull ? [] : try elements() }

  /// The text of a string. Half a pair of surrogates spells no text.
  package func text() throws(JSONMismatch) -> String {
    try document.text(at: index)
  }

  /// The text under this name; `nil` if there is none, or `null`.
  package func text(_ name: String) throws(JSONMismatch) -> String? { try member(name)?.text() }

  /// The text that must be there under this name.
  package func requiredText(_ name: String) throws(JSONMismatch) -> String {
    guard let text = try text(name) else { throw JSONMismatch() }
    return text
  }
}

/// The bytes of a document and its nodes, shared by all its values.
private final class JSONDocument: Sendable {
  let bytes: [UInt8]
  let nodes: [JSONNode]

  init(_ bytes: [UInt8], _ nodes: [JSONNode]) {
    self.bytes = bytes
    self.nodes = nodes
  }

  /// The text of the string at this index of ``nodes``.
  func text(at index: Int) throws(JSONMismatch) -> String {
    let node = nodes[index]
    switch node.kind {
    case .string: return bytes[node.bytes].text
    case .escapedString: return try jsonText(bytes[node.bytes])
    default: throw JSONMismatch()
    }
  }

  /// Whether there is a string at this index of ``nodes`` that spells the text.
  func spells(_ text: String, at index: Int) -> Bool {
    let node = nodes[index]
    if node.kind == .escapedString { return (try? self.text(at: index)) == text }
    return node.kind == .string && bytes[node.bytes].equals(text)
  }
}

/// A value is missing, of another kind, or a text that no Unicode spells.
package struct JSONMismatch: Error {
  package init() {}
}

/// What `read` makes of a document; `nil` if the document is damaged or has another shape.
func readJSON<Value>(_ bytes: [UInt8], _ read: (JSONValue) throws(JSONMismatch) -> Value?) -> Value? {
  guard let document = JSONValue(bytes) else { return nil }
  do throws(JSONMismatch) {
    return try read(document)
  } catch {
    return nil
  }
}
