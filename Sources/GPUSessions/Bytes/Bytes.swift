/// What the parsers need of `[UInt8]` and `ArraySlice<UInt8>`. None of it traps on any input.
extension RandomAccessCollection where Element == UInt8, SubSequence == ArraySlice<UInt8> {
  /// Returns the fields between the separators, empty ones included; empty input is one empty field.
  ///
  /// At most `maxSplits` separators count; the last field holds the rest.
  package func fields(separatedBy separator: UInt8, maxSplits: Int = .max) -> [ArraySlice<UInt8>] {
    var fields: [ArraySlice<UInt8>] = []
    fields.reserveCapacity(12)
    var rest = self[startIndex..<endIndex]
    while fields.count < maxSplits, let end = rest.position(of: separator) {
      fields.append(rest[..<end])
      rest = rest[(end + 1)...]
    }
    fields.append(rest)
    return fields
  }

  /// Returns the lines one after another, without their `\n` and without one `\r` before it.
  ///
  /// Empty lines are included. Bytes after the last `\n` are a line only if there are any.
  package func lines() -> ByteLines { ByteLines(self[startIndex..<endIndex]) }

  /// The bytes without spaces, tabs and carriage returns at both ends.
  package var trimmed: ArraySlice<UInt8> { trimming(isBlank) }

  /// Returns the bytes between the first and the last one that are not to be removed.
  func trimming(_ isRemoved: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let slice = self[startIndex..<endIndex]
    let bytes = slice.span
    var (start, end) = (0, bytes.count)
    while start < end, isRemoved(bytes[start]) { start += 1 }
    while start < end, isRemoved(bytes[end - 1]) { end -= 1 }
    return slice[(slice.startIndex + start)..<(slice.startIndex + end)]
  }

  /// The number that the bytes spell in decimal digits.
  ///
  /// `nil` if there are no bytes, if one of them is not a digit (a sign, for instance), or if the number takes more
  /// than 64 bits.
  package var decimal: UInt64? {
    if isEmpty { return nil }
    var number: UInt64 = 0
    for byte in self {
      guard isDigit(byte) else { return nil }
      let (tens, overflowed) = number.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      if overflowed || carried { return nil }
      number = sum
    }
    return number
  }

  /// The number that the bytes spell in decimal digits, as ``decimal`` reads it; `nil` also if it does not fit `Int`.
  package var integer: Int? { decimal.flatMap { Int(exactly: $0) } }

  /// The number that the bytes spell with digits, at most one point and at most one leading minus.
  ///
  /// `nil` for exponents, `nan`, `inf`, hexadecimal numbers, and for more than 32 bytes.
  package var fixedPoint: Double? {
    if let whole = decimal, count <= 15 { return Double(whole) }
    let unsigned = first == UInt8(ascii: "-") ? dropFirst() : self[startIndex..<endIndex]
    guard count <= 32, unsigned.contains(where: isDigit),
      unsigned.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    return Double(text)
  }

  /// Whether these are exactly the UTF-8 bytes of `other`.
  package func equals(_ other: String) -> Bool { count == other.utf8.count && starts(with: other) }

  /// Whether the first bytes are the UTF-8 bytes of `prefix`; always true for an empty one.
  @inline(__always)
  package func starts(with prefix: String) -> Bool {
    // Parsers ask this most often of all, and the first byte tells nearly always.
    guard let first = prefix.utf8.first else { return true }
    return self.first == first && hasPrefix(prefix)
  }

  /// Two spans are compared in far fewer instructions than two sequences.
  private func hasPrefix(_ prefix: String) -> Bool {
    guard count >= prefix.utf8.count else { return false }
    let slice = self[startIndex..<endIndex]
    let (bytes, wanted) = (slice.span, prefix.utf8Span.span)
    for index in wanted.indices where bytes[index] != wanted[index] { return false }
    return true
  }

  /// Whether the last bytes are the UTF-8 bytes of `end`; always true for an empty one.
  package func ends(with end: String) -> Bool {
    let slice = self[startIndex..<endIndex]
    let (bytes, wanted) = (slice.span, end.utf8Span.span)
    let start = bytes.count - wanted.count
    guard start >= 0 else { return false }
    // Suffixes differ in their last bytes more often than in the first one, which is a point.
    for index in wanted.indices.reversed() where bytes[start + index] != wanted[index] { return false }
    return true
  }

  /// Whether the UTF-8 bytes of `part` occur anywhere; always true for an empty one.
  package func contains(_ part: String) -> Bool {
    part.isEmpty || indices.contains { self[$0...].starts(with: part) }
  }

  /// The bytes decoded as UTF-8; invalid sequences become U+FFFD.
  package var text: String { String(decoding: self, as: UTF8.self) }

  /// Whether there is at least one byte and each is a hexadecimal digit in either case.
  package var isHex: Bool { !isEmpty && areAll(isHexDigit) }

  /// Whether there is at least one byte and each is a hexadecimal digit, none of them in upper case.
  package var isLowercaseHex: Bool {
    !isEmpty && areAll { isDigit($0) || UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "f") }
  }
}

extension RandomAccessCollection where Element == UInt8, SubSequence == ArraySlice<UInt8> {
  /// Whether every byte is wanted; always true for no byte.
  ///
  /// Names and IDs are checked by it. Over a span it takes far fewer instructions than `allSatisfy(_:)`.
  func areAll(_ isWanted: (UInt8) -> Bool) -> Bool {
    let slice = self[startIndex..<endIndex]
    return slice.span.areAll(isWanted)
  }
}

extension ArraySlice<UInt8> {
  /// Whether these are exactly the UTF-8 bytes of `other`.
  package func equals(_ other: String) -> Bool { span.equals(other) }

  /// Whether the last bytes are the UTF-8 bytes of `end`; always true for an empty one.
  package func ends(with end: String) -> Bool { span.ends(with: end) }

  /// Returns the index of the first such byte; `nil` if there is none.
  ///
  /// Lines and fields are cut by it. Over a span it takes fewer instructions than `firstIndex(of:)`.
  func position(of byte: UInt8) -> Int? {
    span.position(of: byte).map { startIndex + $0 }
  }

  /// Returns the index of the last such byte; `nil` if there is none.
  func lastPosition(of byte: UInt8) -> Int? {
    let bytes = span
    var end = bytes.count
    while end > 0 {
      end -= 1
      if bytes[end] == byte { return startIndex + end }
    }
    return nil
  }
}

/// Whether the byte is a space, a tab or a carriage return.
func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

/// Whether the byte is a digit from `0` to `9`.
func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9") }

/// Whether the byte is a hexadecimal digit in either case.
///
/// Both kinds are asked for: the digits of IDs are random, and a processor guesses many branches between them wrong.
func isHexDigit(_ byte: UInt8) -> Bool {
  let (digit, letter) = (byte &- UInt8(ascii: "0"), (byte | 0x20) &- UInt8(ascii: "a"))
  return (digit < 10 ? 1 : 0) | (letter < 6 ? 1 : 0) == 1
}

/// The number that a hexadecimal digit stands for.
///
/// Letters have bit 6, and the last four bits of `a` and `A` are 1.
func hexValue(_ digit: UInt8) -> UInt8 { digit & 0xF + digit >> 6 * 9 }

/// Returns what follows the last `/` of a path; the whole path if nothing does.
func basename(_ path: [UInt8]) -> ArraySlice<UInt8> {
  guard let slash = path[...].lastPosition(of: UInt8(ascii: "/")), slash + 1 < path.count else { return path[...] }
  return path[(slash + 1)...]
}
