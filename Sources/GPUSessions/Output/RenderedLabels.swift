/// Labels that are the same in several series, rendered once: for each row `{name="value",name="value"}`.
struct RenderedLabels {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private let closingCount: Int

  /// Renders the labels of this many rows, one after another, and what ends those of every sample.
  init(count: Int, closing: [UInt8], _ render: (_ row: Int, _ bytes: inout [UInt8]) -> Void) {
    closingCount = closing.count
    ends.reserveCapacity(count)
    // Room that is not used is not touched.
    bytes.reserveCapacity(count * 192)
    for row in 0..<count {
      let start = bytes.count
      render(row, &bytes)
      bytes += closing
      bytes[start] = UInt8(ascii: "{")
      ends.append(bytes.count)
    }
  }

  /// The labels of one row, to which others may be added.
  subscript(row: Int) -> ArraySlice<UInt8> { bytes[start(row)..<(ends[row] - closingCount)] }

  /// The same with their end.
  func closed(_ row: Int) -> ArraySlice<UInt8> { bytes[start(row)..<ends[row]] }

  private func start(_ row: Int) -> Int { row == 0 ? 0 : ends[row - 1] }
}

/// A label whose value is row after row the same one, and rendered when it changes.
struct RepeatedLabel {
  private let opening: LabelOpening
  private var value: String?
  private var rendered: [UInt8] = []

  init(_ name: String) { opening = LabelOpening(name) }

  /// The label with this value; nothing where there is none.
  mutating func with(_ value: String?) -> [UInt8] {
    if value == self.value { return rendered }
    self.value = value
    rendered = []
    if let value { rendered.append(opening, value) }
    return rendered
  }
}

/// The beginning of a label, `,name="`, rendered once for all its values.
struct LabelOpening: Sendable {
  fileprivate let bytes: [UInt8]

  init(_ name: String) { bytes = Array(",\(name)=\"".utf8) }
}

extension [UInt8] {
  /// The label with this value, as ``append(label:_:)`` writes it.
  mutating func append(_ opening: LabelOpening, _ value: String) {
    self += opening.bytes
    append(value: value)
  }

  private mutating func append(value: String) {
    let start = count
    self += value.utf8
    if mayNeedEscape(from: start) { escape(from: start) }
    append(UInt8(ascii: "\""))
  }

  /// `,name="value"`, escaped by byte: the comma of a sample's first label becomes the opening brace.
  mutating func append(label name: String, _ value: String) {
    append(UInt8(ascii: ","))
    self += name.utf8
    append(UInt8(ascii: "="))
    append(UInt8(ascii: "\""))
    append(value: value)
  }

  /// `,name="7`, to be ended.
  mutating func append(_ opening: LabelOpening, decimal value: some FixedWidthInteger) {
    self += opening.bytes
    append(decimal: value)
  }

  /// Whether a byte from there on may have to be escaped; blanks and exclamation marks are taken for such ones.
  private func mayNeedEscape(from start: Int) -> Bool {
    let value = span.extracting(start...)
    var found: UInt8 = 0
    // All of it is looked at: that is faster than to stop at the first.
    for index in value.indices {
      let isLow: UInt8 = value[index] <= UInt8(ascii: "\"") ? 1 : 0
      let isBackslash: UInt8 = value[index] == UInt8(ascii: "\\") ? 1 : 0
      found |= isLow | isBackslash
    }
    return found != 0
  }

  private mutating func escape(from start: Int) {
    let plain = Array(self[start...])
    removeSubrange(start...)
    for byte in plain {
      if isEscaped(byte) { append(UInt8(ascii: "\\")) }
      append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
    }
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  mutating func append(number value: Double) {
    if let whole = Int64(exactly: value), whole.magnitude <= 1 << 53 {
      append(decimal: whole)
    } else if !append(hundredths: value) {
      self += value.description.utf8
    }
  }

  /// The number in decimal digits, with a minus where it is negative.
  mutating func append(decimal value: some FixedWidthInteger) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = UInt64(value.magnitude)
    if rest < 10 { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)) }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = digits.endIndex
    repeat {
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    for index in start..<digits.endIndex { append(digits[index]) }
  }

  /// The same for what is positive and has two digits after the point at most; `false` for anything else.
  ///
  /// Of all texts with 15 digits or fewer only one reads back as a given number, so no shorter one does.
  private mutating func append(hundredths value: Double) -> Bool {
    let count = (value * 100).rounded()
    guard count >= 1, count < 1e15, count / 100 == value else { return false }
    let (whole, rest) = UInt64(count).quotientAndRemainder(dividingBy: 100)
    append(decimal: whole)
    append(UInt8(ascii: "."))
    append(UInt8(ascii: "0") + UInt8(rest / 10))
    if rest % 10 > 0 { append(UInt8(ascii: "0") + UInt8(rest % 10)) }
    return true
  }
}

private func isEscaped(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
}
