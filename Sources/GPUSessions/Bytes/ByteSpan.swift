/// What the parsers need of bytes that they only look at. A span is not counted as a reference, a slice is.
extension Span<UInt8> {
  /// Whether the first bytes are the UTF-8 bytes of `prefix`; always true for an empty one.
  func starts(with prefix: String) -> Bool {
    let wanted = prefix.utf8Span.span
    guard count >= wanted.count else { return false }
    for index in wanted.indices where self[index] != wanted[index] { return false }
    return true
  }

  /// Whether the last bytes are the UTF-8 bytes of `end`; always true for an empty one.
  func ends(with end: String) -> Bool {
    let wanted = end.utf8Span.span
    let start = count - wanted.count
    guard start >= 0 else { return false }
    // Suffixes differ in their last bytes more often than in the first one, which is a point.
    for index in wanted.indices.reversed() where self[start + index] != wanted[index] { return false }
    return true
  }

  /// Returns the offset of the first such byte; `nil` if there is none.
  func position(of byte: UInt8) -> Int? {
    var offset = 0
    while offset < count {
      if self[offset] == byte { return offset }
      offset += 1
    }
    return nil
  }

  /// Returns where the parts before, between and after the first two separators stand; `nil` with fewer separators.
  func threeParts(
    separatedBy separator: UInt8
  ) -> (first: Range<Int>, second: Range<Int>, third: Range<Int>)? {
    guard let first = position(of: separator),
      let length = extracting(droppingFirst: first + 1).position(of: separator)
    else { return nil }
    let second = first + 1 + length
    return (0..<first, (first + 1)..<second, (second + 1)..<count)
  }

  /// Whether every byte is wanted; always true for no byte.
  ///
  /// All bytes are looked at, also behind an unwanted one: without a way out of the loop several are compared at once.
  func areAll(_ isWanted: (UInt8) -> Bool) -> Bool {
    var unwanted: UInt8 = 0
    var offset = 0
    while offset < count {
      unwanted |= isWanted(self[offset]) ? 0 : 1
      offset += 1
    }
    return unwanted == 0
  }

  /// How many bytes are wanted.
  func count(of isWanted: (UInt8) -> Bool) -> Int {
    var (wanted, offset) = (0, 0)
    while offset < count {
      wanted &+= isWanted(self[offset]) ? 1 : 0
      offset += 1
    }
    return wanted
  }

  /// Returns where these bytes stand without the spaces, tabs and carriage returns at both ends.
  func trimming(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(self[start]) { start += 1 }
    while start < end, isBlank(self[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Whether these are exactly the UTF-8 bytes of `other`.
  func equals(_ other: String) -> Bool { count == other.utf8.count && starts(with: other) }

  /// Whether these are the same bytes.
  func equals(_ other: Span<UInt8>) -> Bool {
    if count != other.count { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }

  /// The bytes decoded as UTF-8; invalid sequences become U+FFFD.
  var text: String {
    do {
      return String(copying: try UTF8Span(validating: self))
    } catch {
      var bytes: [UInt8] = []
      for offset in indices { bytes.append(self[offset]) }
      return bytes[...].text
    }
  }
}
