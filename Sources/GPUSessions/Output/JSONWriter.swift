/// A JSON value to be written. The members of an object keep their order.
package indirect enum JSONOutput: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONOutput])
  case object([(name: String, value: JSONOutput)])

  /// The string as ``Swift/String/outsideText``; `null` if it is `nil` or empty, which means that it is not known.
  package static func known(_ text: String?) -> JSONOutput {
    guard let text, !text.isEmpty else { return .null }
    return .string(text.outsideText)
  }

  /// A sentence of this program, which may quote text from outside, as ``Swift/String/printable`` and uncut; `null` if it is
  /// `nil`.
  static func sentence(_ text: String?) -> JSONOutput { text.map { .string($0.printable) } ?? .null }

  /// A number; `null` if it is `nil` or not finite.
  package static func known(_ number: Double?) -> JSONOutput {
    guard let number, number.isFinite else { return .null }
    return .number(number)
  }

  /// A number of bytes; `null` if it is `nil`.
  package static func known(_ bytes: UInt64?) -> JSONOutput { known(bytes.map { Double($0) }) }
}

/// Writes JSON (RFC 8259) as UTF-8. The members and elements of the outer two levels have a line each.
package struct JSONWriter {
  package private(set) var bytes: [UInt8] = []

  /// Writes the value and a final line feed.
  package init(_ value: JSONOutput) {
    append(value, depth: 0)
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func append(_ value: JSONOutput, depth: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let value): bytes.append(number: value)
    case .string(let text): append(text)
    case .array(let values): appendAll(values.map { (nil, $0) }, "[", "]", depth)
    case .object(let members): appendAll(members.map { ($0.name, $0.value) }, "{", "}", depth)
    }
  }

  /// Writes the elements of an array, which have no names, or the members of an object.
  private mutating func appendAll(
    _ items: [(name: String?, value: JSONOutput)], _ opening: String, _ closing: String, _ depth: Int
  ) {
    let isBroken = depth < 2 && !items.isEmpty
    bytes += opening.utf8
    for (index, item) in items.enumerated() {
      if index > 0 { bytes += (isBroken ? "," : ", ").utf8 }
      if isBroken { breakLine(depth + 1) }
      if let name = item.name {
        append(name)
        bytes += ": ".utf8
      }
      append(item.value, depth: depth + 1)
    }
    if isBroken { breakLine(depth) }
    bytes += closing.utf8
  }

  private mutating func breakLine(_ depth: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
  }

  /// Writes a string in quotes. RFC 8259 requires that quotes, backslashes and control characters below 0x20 are escaped;
  /// DEL is escaped too, because terminals may obey it.
  private mutating func append(_ text: String) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F: bytes += "\\u00".utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
