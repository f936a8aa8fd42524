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
      guard let value = value(row)?.cleaned else { return }
      // One growth of the array for each label: a file has tens of thousands.
      bytes.append(addingCapacity: opening.count + value.capacity + 1) { output in
        output.append(contentsOf: opening.span)
        value.append(to: &output)
        output.append(UInt8(ascii: "\""))
      }
    }
  }
}

/// What can be the value of a label. It is appended to the file without a `String` for it alone.
package protocol LabelValue: SendableMetatype {
  /// The value as a label may have it; the value itself if nobody else has chosen it.
  var cleaned: Self { get }

  /// The most bytes that ``append(to:)`` appends.
  var capacity: Int { get }

  /// Appends the value as it stands between the quotes.
  func append(to output: inout OutputSpan<UInt8>)
}

extension LabelValue {
  package var cleaned: Self { self }
}

extension String: LabelValue {
  /// ``outsideText``: somebody else has chosen the text.
  package var cleaned: String { outsideText }

  package var capacity: Int { 2 * utf8.count }

  /// Backslash, quote and line feed are escaped, as the format demands.
  package func append(to output: inout OutputSpan<UInt8>) {
    let bytes = utf8Span.span
    // Nearly every text has nothing to escape: looking for that and a copy take half as long as the loop.
    if bytes.areAll({ !isEscaped($0) }) { return output.append(contentsOf: bytes) }
    for index in bytes.indices {
      let byte = bytes[index]
      if isEscaped(byte) { output.append(UInt8(ascii: "\\")) }
      output.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
    }
  }
}

private func isEscaped(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
}

extension Int: LabelValue {
  package var capacity: Int { 20 }
  package func append(to output: inout OutputSpan<UInt8>) { output.append(decimal: Int64(self)) }
}

extension Device: LabelValue {
  package var capacity: Int { 3 * 20 + 2 }

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
  package var capacity: Int { 36 }
  package func append(to output: inout OutputSpan<UInt8>) { appendText(to: &output) }
}
