import GPUSessions

/// JSON as our reader has it and as FoundationEssentials has it: what ours takes, both read alike.
let jsonTarget = FuzzTarget("json") { input, findings in
  guard let document = JSONValue(input) else { return }
  findings.require(JSONTree(document) == decodeJSON(JSONTree.self, from: input), "two readers read the same")
  findings.require(JSONValue(input + [0x20, 0x0A]) != nil, "blanks at the end change nothing")
}

/// A document as a value. Numbers and truth values are never read by us, nor texts that no Unicode spells.
indirect enum JSONTree: Equatable {
  case null, other
  case text(String)
  case list([JSONTree])
  case object([String: JSONTree])
}

extension JSONTree {
  init(_ value: JSONValue) {
    if value.isNull {
      self = .null
    } else if let text = try? value.text() {
      self = .text(text)
    } else if let elements = try? value.elements() {
      self = .list(elements.map(JSONTree.init))
    } else if let members = try? value.members() {
      self = .object(Dictionary(members.map { ($0.name, JSONTree($0.value)) }) { first, _ in first })
    } else {
      self = .other
    }
  }
}

extension JSONTree: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSONTree].self) {
      self = .list(list)
    } else if let members = try? container.decode([String: JSONTree].self) {
      self = .object(members)
    } else {
      self = .other
    }
  }
}
