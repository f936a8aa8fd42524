/// Helpers of the parsers over `[UInt8]` and `ArraySlice<UInt8>`; none of them traps on any input.
extension RandomAccessCollection where Element == UInt8, SubSequence == ArraySlice<UInt8> {
  /// The fields between the separators, empty ones included.
  ///
  /// At most `maxSplits` separators count, the last field then holds the rest. Empty input is one
  /// empty field.
  package func fields(separatedBy separator: UInt8, maxSplits: Int = .max) -> [ArraySlice<UInt8>] {
    split(separator: separator, maxSplits: Swift.max(0, maxSplits), omittingEmptySubsequences: false)
  }

  /// The lines without their `\n` and without one `\r` before it.
  ///
  /// Empty lines stay; what follows the last `\n` is a line only if it is not empty.
  package func lines() -> [ArraySlice<UInt8>] {
    var lines = fields(separatedBy: UInt8(ascii: "\n"))
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
  }

  /// The bytes without spaces, tabs and carriage returns at both ends.
  package var trimmed: ArraySlice<UInt8> {
    var rest = self[startIndex..<endIndex]
    while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
    while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
    return rest
  }

  /// The number that all the bytes spell in decimal digits.
  ///
  /// `nil` where there is no byte, another byte than a digit (a sign too), or more than 64 bits.
  package var decimal: UInt64? {
    if isEmpty { return nil }
    var value: UInt64 = 0
    for byte in self {
      guard UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") else { return nil }
      let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tens.addingReportingOverflow(UInt64(byte & 0x0F))
      if overflowed || carried { return nil }
      value = sum
    }
    return value
  }

  /// Whether these are exactly the UTF-8 bytes of `text`.
  package func equals(_ text: String) -> Bool {
    count == text.utf8.count && elementsEqual(text.utf8)
  }

  /// Whether the first bytes are the UTF-8 bytes of `text`; always so for an empty one.
  package func starts(with text: String) -> Bool {
    count >= text.utf8.count && starts(with: text.utf8)
  }

  /// Whether the last bytes are the UTF-8 bytes of `text`; always so for an empty one.
  package func ends(with text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }

  /// Whether the UTF-8 bytes of `text` occur anywhere; always so for an empty one.
  package func contains(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    var rest = self[startIndex..<endIndex]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: text) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  /// The bytes as UTF-8, what is invalid replaced by U+FFFD.
  package var text: String { String(decoding: self, as: UTF8.self) }

  /// Whether there is at least one byte and each is a hexadecimal digit of either case.
  package var isHex: Bool {
    !isEmpty && allSatisfy { isLowercaseHexDigit($0 | 0x20) && $0 >= UInt8(ascii: "0") }
  }

  /// Whether there is at least one byte and each is a hexadecimal digit, none in upper case.
  package var isLowercaseHex: Bool { !isEmpty && allSatisfy(isLowercaseHexDigit) }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

private func isLowercaseHexDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
