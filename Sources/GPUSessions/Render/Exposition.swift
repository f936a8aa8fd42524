/// Writes the Prometheus text exposition format (0.0.4) into one buffer, by byte.
package struct Exposition {
  package private(set) var bytes: [UInt8] = []
  /// Rendered once: `,key="value"` of the constant labels.
  private let constantLabels: [UInt8]
  private var family: MetricFamily?

  package init(constantLabels: [Label]) {
    var rendered: [UInt8] = []
    for label in constantLabels { Exposition.append(label, to: &rendered) }
    self.constantLabels = rendered
  }

  /// Names the family that the next samples belong to; its HELP and TYPE appear with the first of them.
  package mutating func begin(_ family: MetricFamily) { self.family = family }

  /// One sample. A label with a `nil` value is left out; the constant ones come last.
  package mutating func sample(_ labels: [(name: String, value: String?)], _ value: Double) {
    guard let name = family?.name else { return }
    writeHeader()
    bytes += name.utf8
    let start = bytes.count
    for label in labels {
      if let value = label.value { Exposition.append(Label(label.name, value), to: &bytes) }
    }
    bytes += constantLabels
    if bytes.count > start {
      bytes[start] = UInt8(ascii: "{")
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: " "))
    bytes += Exposition.number(value).utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  private var writtenFamily: String?

  private mutating func writeHeader() {
    guard let family, writtenFamily != family.name else { return }
    writtenFamily = family.name
    bytes += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n".utf8
  }

  /// `,name="value"`: the comma of the first one becomes the opening brace.
  private static func append(_ label: Label, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: ","))
    bytes += label.name.utf8
    bytes += "=\"".utf8
    for byte in label.value.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  package static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value), whole.magnitude <= 1 << 53 { return "\(whole)" }
    return "\(value)"
  }
}
