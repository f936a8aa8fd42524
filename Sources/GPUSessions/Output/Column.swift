/// One label of a metric family: its name, and what a row puts into it.
///
/// The columns of a family declare its labels and write them.
package struct Column<Row>: Sendable {
  package let name: String
  /// Appends `,name="value"` in the exposition format; nothing if the row has no value.
  let append: @Sendable (Row, inout OutputSpan<UInt8>) -> Void
  /// The most bytes that ``append`` appends.
  let capacity: Int

  /// `value` returns the label's value. `nil` leaves the label out; an empty text is written.
  package init<Value: LabelValue>(_ name: String, _ value: @escaping @Sendable (Row) -> Value?) {
    self.name = name
    let opening = Array(",\(name)=\"".utf8)
    capacity = opening.count + Value.capacity + 1
    append = { row, output in
      guard let value = value(row) else { return }
      output.append(contentsOf: opening.span)
      value.append(to: &output)
      output.append(UInt8(ascii: "\""))
    }
  }
}

/// What can be the value of a label. It is appended to the file without a `String` for it alone.
package protocol LabelValue: SendableMetatype {
  /// The most bytes that ``append(to:)`` appends.
  static var capacity: Int { get }

  /// Appends the value as it stands between the quotes.
  func append(to output: inout OutputSpan<UInt8>)
}

extension String: LabelValue {
  package static var capacity: Int { 2 * labelLimit }

  /// Appends ``outsideText``, because somebody else has chosen the text, with what the format demands to be escaped.
  package func append(to output: inout OutputSpan<UInt8>) {
    let bytes = utf8Span.span
    // Nearly every text is appended as it is. Plain text has no line feed.
    if bytes.isPlain, bytes.areAll({ $0 != UInt8(ascii: "\"") }), bytes.areAll({ $0 != UInt8(ascii: "\\") }) {
      output.append(contentsOf: bytes)
    } else {
      outsideText.appendEscaped(to: &output)
    }
  }

  /// Appends the text, at most twice its bytes: backslash, quote and line feed are escaped.
  func appendEscaped(to output: inout OutputSpan<UInt8>) {
    for byte in utf8 {
      if isEscaped(byte) { output.append(UInt8(ascii: "\\")) }
      output.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
    }
  }
}

private func isEscaped(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
}

extension Int: LabelValue {
  package static var capacity: Int { 20 }
  package func append(to output: inout OutputSpan<UInt8>) { output.append(decimal: Int64(self)) }
}

extension Device: LabelValue {
  package static var capacity: Int { 3 * 20 + 2 }

  /// Appends ``label``.
  package func append(to output: inout OutputSpan<UInt8>) {
    gpu.append(to: &output)
    guard let instance else { return }
    output.append(UInt8(ascii: "_"))
    instance.gpuInstance.append(to: &output)
    output.append(UInt8(ascii: "_"))
    instance.computeInstance.append(to: &output)
  }
}

extension PodUID: LabelValue {
  package static var capacity: Int { 36 }
  package func append(to output: inout OutputSpan<UInt8>) { appendText(to: &output) }
}
