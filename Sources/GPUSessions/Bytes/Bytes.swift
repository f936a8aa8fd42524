/// Helpers of the parsers over `[UInt8]` and `ArraySlice<UInt8>`; none of them traps on any input.
extension RandomAccessCollection where Element == UInt8, SubSequence == ArraySlice<UInt8> {
  /// The fields between the separators, empty ones included.
  ///
  /// At most `maxSplits` separators count, the last field then holds the rest. Empty input is one
  /// empty field.
  package func fields(separatedBy separator: UInt8, maxSplits: Int = .max) -> [ArraySlice<UInt8>] {
    var left = self[startIndex..<endIndex].eachField(separatedBy: separator)
    var fields: [ArraySlice<UInt8>] = []
    while fields.count < maxSplits, let field = left.next() { fields.append(field) }
    if let rest = left.rest { fields.append(rest) }
    return fields
  }

  /// The lines without their `\n` and without one `\r` before it.
  ///
  /// Empty lines stay; what follows the last `\n` is a line only if it is not empty.
  package func lines() -> [ArraySlice<UInt8>] { Array(eachLine) }

  /// The same, one after another.
  package var eachLine: ByteLines { ByteLines(rest: self[startIndex..<endIndex]) }

  /// The bytes without spaces, tabs and carriage returns at both ends.
  package var trimmed: ArraySlice<UInt8> { self[startIndex..<endIndex].trimming(isBlank) }

  /// The number that all the bytes spell in decimal digits.
  ///
  /// `nil` where there is no byte, another byte than a digit (a sign too), or more than 64 bits.
  package var decimal: UInt64? {
    let slice = self[startIndex..<endIndex]
    let bytes = slice.span
    if bytes.isEmpty { return nil }
    var value: UInt64 = 0
    for index in bytes.indices {
      guard UInt8(ascii: "0") <= bytes[index], bytes[index] <= UInt8(ascii: "9") else { return nil }
      let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tens.addingReportingOverflow(UInt64(bytes[index] & 0x0F))
      if overflowed || carried { return nil }
      value = sum
    }
    return value
  }

  /// Whether these are exactly the UTF-8 bytes of `text`.
  package func equals(_ text: String) -> Bool {
    count == text.utf8.count && self[startIndex..<endIndex].begins(with: text)
  }

  /// Whether the first bytes are the UTF-8 bytes of `text`; always so for an empty one.
  package func starts(with text: String) -> Bool {
    self[startIndex..<endIndex].begins(with: text)
  }

  /// Whether the last bytes are the UTF-8 bytes of `text`; always so for an empty one.
  package func ends(with text: String) -> Bool {
    suffix(text.utf8.count).equals(text)
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
  package var isHex: Bool { !isEmpty && self[startIndex..<endIndex].areAll { hexFlag($0, $0 | 0x20) } }

  /// Whether there is at least one byte and each is a hexadecimal digit, none in upper case.
  package var isLowercaseHex: Bool { !isEmpty && self[startIndex..<endIndex].areAll { hexFlag($0, $0) } }
}

/// The lines of some bytes, one after another.
package struct ByteLines: Sequence, IteratorProtocol {
  fileprivate var rest: ArraySlice<UInt8>

  var isAtEnd: Bool { rest.isEmpty }

  package mutating func next() -> ArraySlice<UInt8>? {
    if rest.isEmpty { return nil }
    let end = rest.position(of: UInt8(ascii: "\n"))
    let line = rest[..<(end ?? rest.endIndex)]
    rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}

extension ArraySlice<UInt8> {
  /// Index of the first such byte.
  func position(of byte: UInt8) -> Int? {
    let bytes = span
    var start = 0
    // Sixteen at once, without a branch for each.
    while start + 16 <= bytes.count {
      let some = bytes.extracting(start..<(start + 16))
      var found: UInt8 = 0
      for offset in some.indices { found |= some[offset] == byte ? 1 : 0 }
      if found != 0 { break }
      start += 16
    }
    for offset in start..<bytes.count where bytes[offset] == byte { return startIndex + offset }
    return nil
  }

  /// Whether both are the same bytes.
  func isSame(as other: ArraySlice<UInt8>) -> Bool {
    count == other.count && span.starts(with: other.span)
  }

  /// Whether there is nothing but spaces, tabs and carriage returns.
  var isBlankOnly: Bool {
    let bytes = span
    for offset in bytes.indices where !isBlank(bytes[offset]) { return false }
    return true
  }

  /// The bytes without those at both ends that are to go.
  @inline(__always)
  func trimming(_ goes: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let bytes = span
    var (start, end) = (0, bytes.count)
    while start < end, goes(bytes[start]) { start += 1 }
    while start < end, goes(bytes[end - 1]) { end -= 1 }
    return self[(startIndex + start)..<(startIndex + end)]
  }

  @inline(__always)
  fileprivate func areAll(_ flag: (UInt8) -> UInt8) -> Bool {
    let bytes = span
    var wrong: UInt8 = 0
    // All of it is looked at: that is faster than to stop at the first.
    for offset in bytes.indices { wrong |= flag(bytes[offset]) ^ 1 }
    return wrong == 0
  }

  fileprivate func begins(with text: String) -> Bool { span.starts(with: text.utf8Span.span) }
}

func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

func isHexDigit(_ byte: UInt8) -> Bool { hexFlag(byte, byte | 0x20) != 0 }

/// 1 for a digit or one of the letters from `a` to `f`; without a branch, for many are looked at in one go.
@inline(__always)
private func hexFlag(_ byte: UInt8, _ letter: UInt8) -> UInt8 {
  let digit: UInt8 = byte &- UInt8(ascii: "0") < 10 ? 1 : 0
  let letter: UInt8 = letter &- UInt8(ascii: "a") < 6 ? 1 : 0
  return digit | letter
}
