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
      bytes.append(addingCapacity: 2 * label.value.utf8.count) { label.value.appendEscaped(to: &$0) }
      bytes.append(UInt8(ascii: "\""))
    }
    if write != nil { bytes.reserveCapacity(ExpositionWriter.pieceSize + 1024) }
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

  /// Writes one sample; nothing if no family was named before.
  package mutating func sample<Row>(_ columns: [Column<Row>], of row: Row, _ value: Double) {
    sample(columns, of: row, value, after: Span())
  }

  /// Writes one sample; `rendered` are labels that come before those of the columns.
  mutating func sample<Row>(_ columns: [Column<Row>], of row: Row, _ value: Double, after rendered: Span<UInt8>) {
    guard let start = beginSample() else { return }
    if !rendered.isEmpty { bytes.append(addingCapacity: rendered.count) { $0.append(contentsOf: rendered) } }
    bytes.append(columns, of: row)
    endSample(value, labelsFrom: start)
  }

  /// Writes one sample without labels of its own; nothing if no family was named before.
  mutating func sample(_ value: Double) {
    if let start = beginSample() { endSample(value, labelsFrom: start) }
  }

  /// Writes the family's name, and returns where the labels begin; `nil` if no family was named before.
  private mutating func beginSample() -> Int? {
    if name.isEmpty { return nil }
    if !header.isEmpty {
      bytes += header
      header = []
    }
    bytes += name
    return bytes.count
  }

  private mutating func endSample(_ value: Double, labelsFrom start: Int) {
    if !constantLabels.isEmpty { bytes += constantLabels }
    let hasLabels = bytes.count > start
    // Each label begins with a comma. The first comma becomes the opening brace.
    if hasLabels { bytes[start] = UInt8(ascii: "{") }
    bytes.append(addingCapacity: numberCapacity + 3) { output in
      if hasLabels { output.append(UInt8(ascii: "}")) }
      output.append(UInt8(ascii: " "))
      output.append(number: value)
      output.append(UInt8(ascii: "\n"))
    }
    if bytes.count >= ExpositionWriter.pieceSize { flush() }
  }
}

extension [UInt8] {
  /// Appends the labels of one row: `,name="value"` for each column that has a value.
  mutating func append<Row>(_ columns: [Column<Row>], of row: Row) {
    if columns.isEmpty { return }
    let capacity = columns.reduce(0) { $0 + $1.capacity }
    // One growth of the array for all labels: a file has tens of thousands.
    append(addingCapacity: capacity) { output in
      let columns = columns.span
      for index in columns.indices { columns[index].append(row, &output) }
    }
  }

  /// Appends the shortest text that reads back as the same number; whole numbers without a point.
  package mutating func append(number: Double) {
    append(addingCapacity: numberCapacity) { $0.append(number: number) }
  }
}

/// The most bytes of a number: `-2.2250738585072014e-308` has 24.
private let numberCapacity = 24

extension OutputSpan<UInt8> {
  /// Appends a number as described above.
  fileprivate mutating func append(number: Double) {
    if let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 {
      append(decimal: whole)
    } else {
      append(contentsOf: number.description.utf8Span.span)
    }
  }

  mutating func append(contentsOf bytes: Span<UInt8>) {
    var index = 0
    while index < bytes.count {
      append(bytes[index])
      index += 1
    }
  }

  /// Appends a whole number in decimal digits, which are at most 20 with the sign.
  mutating func append(decimal number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(digitsOf: number.magnitude)
  }

  private mutating func append(digitsOf number: UInt64) {
    if number > 9 { append(digitsOf: number / 10) }
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
