/// One label of a metric family: its name, and what a row puts into it.
///
/// The columns of a family declare its labels and write them.
package struct Column<Row>: Sendable {
  package let name: String
  /// Appends `,name="value"` in the exposition format; nothing if the row has no value.
  let append: @Sendable (borrowing Row, inout [UInt8]) -> Void

  /// `value` returns the label's value. `nil` leaves the label out; an empty text is written.
  package init<Value: LabelValue>(_ name: String, _ value: @escaping @Sendable (borrowing Row) -> Value?) {
    self.name = name
    let opening = Array(",\(name)=\"".utf8)
    append = { row, bytes in
      guard let value = value(row) else { return }
      bytes += opening
      value.append(to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
  }
}

/// What can be the value of a label. It is appended to the file without a `String` for it alone.
package protocol LabelValue: SendableMetatype {
  /// Appends the value as it stands between the quotes.
  func append(to bytes: inout [UInt8])
}

extension String: LabelValue {
  /// Appends ``outsideText``.
  package func append(to bytes: inout [UInt8]) { outsideText.append(escapedTo: &bytes) }

  /// Backslash, quote and line feed are escaped, as the format demands.
  func append(escapedTo bytes: inout [UInt8]) {
    if !hasEscapedByte(self) { return bytes += utf8 }
    for byte in utf8 {
      if isEscaped(byte) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
    }
  }
}

extension Int: LabelValue {
  package func append(to bytes: inout [UInt8]) { bytes.append(decimal: Int64(self)) }
}

extension Device: LabelValue {
  /// Appends ``label``.
  package func append(to bytes: inout [UInt8]) {
    gpu.append(to: &bytes)
    guard let instance else { return }
    for id in [instance.gpuInstance, instance.computeInstance] {
      bytes.append(UInt8(ascii: "_"))
      id.append(to: &bytes)
    }
  }
}

extension PodUID: LabelValue {
  package func append(to bytes: inout [UInt8]) { bytes += text.utf8 }
}

private func hasEscapedByte(_ text: String) -> Bool {
  let bytes = text.utf8Span.span
  for index in bytes.indices where isEscaped(bytes[index]) { return true }
  return false
}

private func isEscaped(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
}
