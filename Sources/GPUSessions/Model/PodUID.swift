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
    let bytes = uid.span
    if bytes.count == 36 {
      func isSeparator(_ place: Int) -> Bool {
        bytes[place] == UInt8(ascii: "-") || orWithUnderscores && bytes[place] == UInt8(ascii: "_")
      }
      guard isSeparator(8), isSeparator(13), isSeparator(18), isSeparator(23) else { return nil }
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

  package init?(_ uid: String) { self.init(Array(uid.utf8)[...]) }

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
    var bytes = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
    let (low, hasDashes) = (ones &* 0x0F, form & 0x80 != 0)
    let words: [4 of UInt64] = [first & low, first >> 4 & low, second & low, second >> 4 & low]
    for index in words.indices {
      // 1 for each letter.
      let letters = (words[index] &+ ones &* 6) >> 4 & ones
      let inUppercase = form >> UInt64(index) & letters
      var digits = words[index] &+ ones &* 0x30 &+ letters &* 0x27 &- inUppercase &* 0x20
      for digit in (index * 8)..<(index * 8 + 8) {
        bytes[digit + (hasDashes ? PodUID.separators(before: digit) : 0)] = UInt8(truncatingIfNeeded: digits)
        digits >>= 8
      }
    }
    guard let spelled = try? UTF8Span(validating: bytes.span.extracting(first: hasDashes ? 36 : 32)) else {
      return ""
    }
    return String(copying: spelled)
  }

  private static func separators(before digit: Int) -> Int { digit < 8 ? 0 : min(4, digit / 4 - 1) }

  /// As good as random: UIDs are.
  var key: UInt64 { first ^ second }

  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
