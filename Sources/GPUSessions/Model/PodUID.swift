/// A pod's UID: a UUID with dashes, or the 32 hex digits of a static pod's configuration hash.
///
/// Kept as numbers, because a node's pods are looked up by it in each of its sources.
package struct PodUID: Hashable, Sendable {
  /// The values of digits 0 to 7 in the lower halves of the bytes, lowest byte first, and of 8 to 15 in the upper ones.
  private var first: UInt64
  /// The same of digits 16 to 31.
  private var second: UInt64
  /// Bits 0 to 3 of a byte: those four digits are letters in upper case, which Kubernetes does not write. Bit 7 of the
  /// lowest: there are dashes.
  private var form: UInt64

  /// Reads a whole UID; `nil` if it is none.
  ///
  /// In a systemd slice name `_` stands for `-`, so each of the four separators may then be either.
  /// Source: kubelet `pkg/kubelet/config/common.go` and `pkg/kubelet/cm/cgroup_manager_linux.go`.
  package init?(_ uid: ArraySlice<UInt8>, orWithUnderscores: Bool = false) {
    self.init(uid.span, orWithUnderscores)
  }

  package init?(_ uid: String) { self.init(uid.utf8Span.span, false) }

  private init?(_ bytes: borrowing Span<UInt8>, _ orWithUnderscores: Bool) {
    if bytes.count == 36 {
      guard PodUID.isSeparator(bytes[8], orWithUnderscores), PodUID.isSeparator(bytes[13], orWithUnderscores),
        PodUID.isSeparator(bytes[18], orWithUnderscores), PodUID.isSeparator(bytes[23], orWithUnderscores)
      else { return nil }
      let (second, third) = (PodUID.four(bytes, 9), PodUID.four(bytes, 14))
      let (fourth, fifth) = (PodUID.four(bytes, 19), PodUID.four(bytes, 24))
      self.init(
        [bytes.eight(at: 0), second | third << 32, fourth | fifth << 32, bytes.eight(at: 28)], hasDashes: true)
    } else if bytes.count == 32 {
      let words = (bytes.eight(at: 0), bytes.eight(at: 8), bytes.eight(at: 16), bytes.eight(at: 24))
      self.init([words.0, words.1, words.2, words.3], hasDashes: false)
    } else {
      return nil
    }
  }

  private static func isSeparator(_ byte: UInt8, _ orUnderscore: Bool) -> Bool {
    byte == UInt8(ascii: "-") || orUnderscore && byte == UInt8(ascii: "_")
  }

  /// Of four times eight digits.
  private init?(_ words: [4 of UInt64], hasDashes: Bool) {
    guard marks(butHex: words[0]) | marks(butHex: words[1]) | marks(butHex: words[2]) | marks(butHex: words[3]) == 0
    else { return nil }
    first = PodUID.values(words[0]) | PodUID.values(words[1]) << 4
    second = PodUID.values(words[2]) | PodUID.values(words[3]) << 4
    form = hasDashes ? 0x80 : 0
    for place in words.indices { form |= PodUID.uppercase(words[place]) << UInt64(place) }
  }

  private static func four(_ bytes: borrowing Span<UInt8>, _ place: Int) -> UInt64 {
    bytes.eight(at: place) & 0xFFFF_FFFF
  }

  /// Of a letter the lower four bits are 1 to 6.
  private static func values(_ digits: UInt64) -> UInt64 {
    (digits & (ones &* 0x0F)) &+ (digits >> 6 & ones) &* 9
  }

  private static func uppercase(_ digits: UInt64) -> UInt64 { digits >> 6 & ~(digits >> 5) & ones }

  /// As it is spelled, always with dashes where it has separators.
  package var text: String {
    var bytes: [UInt8] = []
    bytes.append(self)
    return bytes[...].text
  }

  /// Whether both are spelled the same but for the case of letters.
  func hasSameDigits(as other: PodUID) -> Bool {
    first == other.first && second == other.second && hasDashes == other.hasDashes
  }

  /// How many bytes it is spelled with.
  var count: Int { hasDashes ? 36 : 32 }

  fileprivate var hasDashes: Bool { form & 0x80 != 0 }

  /// The digits from eight times this number on, as they are spelled, the first one lowest.
  fileprivate func digits(_ index: Int) -> UInt64 {
    let half = index < 2 ? first : second
    let values = (index % 2 == 0 ? half : half >> 4) & (ones &* 0x0F)
    // 1 for each letter.
    let letters = (values &+ ones &* 6) >> 4 & ones
    let inUppercase = form >> UInt64(index) & letters
    return values &+ ones &* 0x30 &+ letters &* 0x27 &- inUppercase &* 0x20
  }

  /// As good as random: UIDs are.
  var key: UInt64 { first ^ second }

  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension [UInt8] {
  /// The UID as it is spelled.
  mutating func append(_ uid: PodUID) {
    let (start, dash, length) = (count, uid.hasDashes ? 1 : 0, uid.count)
    append(addingCapacity: length) { $0.append(repeating: UInt8(ascii: "-"), count: length) }
    var bytes = mutableSpan
    let digits = (uid.digits(0), uid.digits(1), uid.digits(2), uid.digits(3))
    bytes.put(digits.0, 8, at: start)
    bytes.put(digits.1, 4, at: start + 8 + dash)
    bytes.put(digits.1 >> 32, 4, at: start + 12 + 2 * dash)
    bytes.put(digits.2, 4, at: start + 16 + 3 * dash)
    bytes.put(digits.2 >> 32, 4, at: start + 20 + 4 * dash)
    bytes.put(digits.3, 8, at: start + 24 + 4 * dash)
  }
}

extension MutableSpan<UInt8> {
  /// So many bytes, the lowest first.
  @inline(__always)
  fileprivate mutating func put(_ word: UInt64, _ count: Int, at place: Int) {
    for byte in 0..<count { self[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte)) }
  }
}
