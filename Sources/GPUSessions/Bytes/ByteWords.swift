/// Bytes eight at a time: what most bytes are not is looked for in a few instructions.
extension Span<UInt8> {
  /// The eight bytes from there on, the first one lowest.
  @inline(__always)
  func eight(at place: Int) -> UInt64 {
    // Cut out first: the compiler then makes one load of them.
    let bytes = extracting(place..<(place &+ 8))
    var word = UInt64(bytes[0])
    word |= UInt64(bytes[1]) << 8
    word |= UInt64(bytes[2]) << 16
    word |= UInt64(bytes[3]) << 24
    word |= UInt64(bytes[4]) << 32
    word |= UInt64(bytes[5]) << 40
    word |= UInt64(bytes[6]) << 48
    word |= UInt64(bytes[7]) << 56
    return word
  }

  /// The first place from `start` on whose byte is marked; `nil` where there is none.
  ///
  /// `marks` sets the highest bit of such bytes in a word; above the first of them it may mark others too.
  @inline(__always)
  func first(from start: Int, _ marks: (UInt64) -> UInt64) -> Int? {
    var place = Swift.max(start, 0)
    while place <= count - 8 {
      let found = marks(eight(at: place))
      if found != 0 { return place + found.trailingZeroBitCount / 8 }
      place += 8
    }
    while place < count {
      if marks(UInt64(self[place])) & 0x80 != 0 { return place }
      place += 1
    }
    return nil
  }

  /// Whether these are exactly the UTF-8 bytes of the text.
  @inline(__always)
  func equals(_ text: String) -> Bool { count == text.utf8.count && starts(with: text.utf8Span.span) }

  /// Whether the first bytes are these.
  @inline(__always)
  func starts(with other: borrowing Span<UInt8>) -> Bool {
    guard count >= other.count else { return false }
    var place = 0
    while place <= other.count - 8 {
      if eight(at: place) != other.eight(at: place) { return false }
      place += 8
    }
    while place < other.count {
      if self[place] != other[place] { return false }
      place += 1
    }
    return true
  }
}

/// 1 in each byte: times a byte's value it is that value in each.
var ones: UInt64 { 0x0101_0101_0101_0101 }
private var highest: UInt64 { 0x8080_8080_8080_8080 }

/// Marks bytes of this value.
@inline(__always)
func marks(of byte: UInt8, in word: UInt64) -> UInt64 {
  let difference = word ^ ones &* UInt64(byte)
  return (difference &- ones) & ~difference & highest
}

/// How many bytes have this value.
@inline(__always)
func countOfBytes(_ byte: UInt8, in word: UInt64) -> Int {
  let difference = word ^ ones &* UInt64(byte)
  // The highest bit of a byte is set that is not zero: nothing is carried into the next one.
  let others = ((difference & ~highest) &+ ~highest) | difference
  return Int(truncatingIfNeeded: ((~others & highest) >> 7 &* ones) >> 56)
}

/// Marks bytes below this value, which is 128 at most.
@inline(__always)
func marks(below byte: UInt8, in word: UInt64) -> UInt64 {
  (word &- ones &* UInt64(byte)) & ~word & highest
}

/// Marks bytes that are no hexadecimal digits.
@inline(__always)
func marks(butHex word: UInt64) -> UInt64 {
  let digits = word & ~highest
  let letters = (word | ones &* 0x20) & ~highest
  // What is added makes 128 or more of a byte that is not below the first digit or letter, or beyond the last.
  let areDigits = (digits &+ ones &* 0x50) & ~(digits &+ ones &* 0x46)
  let areLetters = (letters &+ ones &* 0x1F) & ~(letters &+ ones &* 0x19)
  return ~((areDigits | areLetters) & ~word) & highest
}
