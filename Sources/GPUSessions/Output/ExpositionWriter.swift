/// Writes the Prometheus text exposition format (0.0.4), byte by byte.
package struct ExpositionWriter {
  /// What was written and not handed over yet.
  package private(set) var bytes: [UInt8] = []
  private let write: (([UInt8]) -> Void)?
  /// The rendered labels that come last in every sample.
  private let constantLabels: [UInt8]
  private var name: [UInt8] = []
  /// HELP and TYPE of the family, until its first sample has been written.
  private var header: [UInt8] = []

  /// Output is handed over in pieces of about this size, so that a large file is never in memory as a whole.
  private static let pieceSize = 32 << 10

  /// Hands pieces of whole lines to `write`; without it everything stays in ``bytes``.
  package init(constantLabels: [Label], write: (([UInt8]) -> Void)? = nil) {
    self.write = write
    self.constantLabels = constantLabels.reduce(into: []) { bytes, label in
      bytes += ",\(label.name)=\"".utf8
      bytes.append(labelValue: label.value)
    }
  }

  /// Hands over what is left.
  mutating func flush() {
    guard let write, !bytes.isEmpty else { return }
    write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Names the family of the samples that follow. Its HELP and TYPE are written with the first of them.
  package mutating func begin(_ family: MetricFamily) {
    if name.elementsEqual(family.name.utf8) { return }
    name = Array(family.name.utf8)
    header = Array("# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n".utf8)
  }

  /// Writes one sample; nothing if no family was named before. `rendered` are labels that come before those of the columns.
  package mutating func sample<Row>(
    _ columns: [Column<Row>], of row: borrowing Row, _ value: Double, after rendered: [UInt8] = []
  ) {
    if name.isEmpty { return }
    if !header.isEmpty {
      bytes += header
      header = []
    }
    bytes += name
    let start = bytes.count
    if !rendered.isEmpty { bytes += rendered }
    bytes.append(columns, of: row)
    if !constantLabels.isEmpty { bytes += constantLabels }
    if bytes.count > start {
      // Each label begins with a comma. The first comma becomes the opening brace.
      bytes[start] = UInt8(ascii: "{")
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: " "))
    bytes += ExpositionWriter.number(value).utf8
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= ExpositionWriter.pieceSize { flush() }
  }

  /// Renders the labels of one row, to be handed to ``sample(_:of:_:after:)``.
  static func labels<Row>(_ columns: [Column<Row>], of row: borrowing Row) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(192)
    bytes.append(columns, of: row)
    return bytes
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  package static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value), whole.magnitude <= 1 << 53 { return String(whole) }
    return value.description
  }
}

extension [UInt8] {
  /// Appends `,name="value"` for each column that has a value.
  fileprivate mutating func append<Row>(_ columns: [Column<Row>], of row: borrowing Row) {
    for column in columns {
      guard let value = column.value(row) else { continue }
      self += column.opening
      append(labelValue: value)
    }
  }

  /// Appends the value and the quote after it. Backslash, quote and line feed are escaped, as the format demands.
  fileprivate mutating func append(labelValue value: String) {
    if hasEscapedByte(value) {
      for byte in value.utf8 {
        if isEscaped(byte) { append(UInt8(ascii: "\\")) }
        append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
      }
    } else {
      self += value.utf8
    }
    append(UInt8(ascii: "\""))
  }
}

private func hasEscapedByte(_ text: String) -> Bool {
  let bytes = text.utf8Span.span
  for index in bytes.indices where isEscaped(bytes[index]) { return true }
  return false
}

private func isEscaped(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
}
