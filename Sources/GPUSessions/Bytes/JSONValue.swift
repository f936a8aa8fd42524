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

  fileprivate init(_ document: JSONDocument, _ index: Int) {
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
    guard let place = document.value(named: name, in: index) else { return nil }
    return document.nodes[place].kind == .null && !orNull ? nil : JSONValue(document, place)
  }

  /// The value that must be there under this name.
  package func required(_ name: String) throws(JSONMismatch) -> JSONValue {
    guard let value = try member(name) else { throw JSONMismatch() }
    return value
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
  package func values() throws(JSONMismatch) -> JSONChildren {
    guard isObject else { throw JSONMismatch() }
    return JSONChildren(document, in: index, nodesEach: 2)
  }

  /// The values of a list.
  package func elements() throws(JSONMismatch) -> JSONChildren {
    guard node.kind == .array else { throw JSONMismatch() }
    return JSONChildren(document, in: index, nodesEach: 1)
  }

  /// The values of a list; none of `null`, which is how Go writes an empty list.
  package func elementsOrNull() throws(JSONMismatch) -> JSONChildren {
    isNull ? JSONChildren(document, in: index, nodesEach: 1) : try elements()
  }

  /// Appends the bytes of the texts in a list, as ``utf8()`` returns them; none for `null`.
  func appendTexts(to texts: inout [ArraySlice<UInt8>]) throws(JSONMismatch) {
    if isNull { return }
    guard node.kind == .array else { throw JSONMismatch() }
    for place in (index + 1)..<Int(node.next) {
      // A list or object within is a mismatch before its own values are met.
      texts.append(try document.utf8(of: document.nodes[place]))
    }
  }

  /// The text of a string. Half a pair of surrogates spells no text.
  package func text() throws(JSONMismatch) -> String { try document.text(of: node) }

  /// The bytes of a string's text, for what is read from it without a text of its own.
  package func utf8() throws(JSONMismatch) -> ArraySlice<UInt8> {
    try document.utf8(of: node)
  }

  /// The text under this name; `nil` if there is none, or `null`.
  package func text(_ name: String) throws(JSONMismatch) -> String? { try member(name)?.text() }

  /// The text that must be there under this name.
  package func requiredText(_ name: String) throws(JSONMismatch) -> String { try required(name).text() }
}

/// The values within an object or a list, in the order of the document.
package struct JSONChildren: Sequence, IteratorProtocol {
  private let document: JSONDocument
  /// The index of the next value's node.
  private var place: Int
  /// The index of the first node behind all values.
  private let end: Int
  /// How many nodes stand before each value: the name of an object's member is one.
  private let namesEach: Int

  fileprivate init(_ document: JSONDocument, in index: Int, nodesEach count: Int) {
    self.document = document
    (place, end, namesEach) = (index + count, Int(document.nodes[index].next), count - 1)
  }

  package mutating func next() -> JSONValue? {
    guard place < end else { return nil }
    let value = JSONValue(document, place)
    place = Int(document.nodes[place].next) + namesEach
    return value
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

  /// The bytes of the text of a string's node.
  func utf8(of node: JSONNode) throws(JSONMismatch) -> ArraySlice<UInt8> {
    node.kind == .string ? bytes[node.bytes] : Array(try text(of: node).utf8)[...]
  }

  /// The text of a string's node.
  func text(of node: JSONNode) throws(JSONMismatch) -> String {
    switch node.kind {
    case .string:
      let bytes = bytes
      return bytes.span.extracting(node.bytes).text
    case .escapedString: return try jsonText(bytes[node.bytes])
    default: throw JSONMismatch()
    }
  }

  /// The index of the value that stands first under this name in the object at `index`; `nil` if none does.
  func value(named name: String, in index: Int) -> Int? {
    let (bytes, nodes) = (bytes, nodes)
    let end = Int(nodes[index].next)
    var place = index + 1
    while place < end {
      let node = nodes[place]
      if node.kind == .escapedString {
        if (try? text(of: node)) == name { return place + 1 }
      } else if bytes.span.extracting(node.bytes).equals(name) {
        return place + 1
      }
      place = Int(nodes[place + 1].next)
    }
    return nil
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
