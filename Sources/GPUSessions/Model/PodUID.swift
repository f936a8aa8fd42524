/// A pod's UID: a UUID with dashes, or the 32 hex digits that the kubelet gives a static pod.
///
/// UIDs are equal only if they are spelled the same, as for the kubelet. Source: kubelet
/// `pkg/kubelet/config/common.go`. It is kept as numbers: the pods of a node are looked up by it in each source, and a
/// text would take memory of its own and several times the instructions.
package struct PodUID: Hashable, Sendable {
  /// The first 16 of the 32 hex digits, and the last 16.
  private let high: UInt64
  private let low: UInt64
  /// Which of the digits are letters in upper case, which Kubernetes does not write; bit 0 is the last digit.
  private let uppercase: UInt32
  private let hasDashes: Bool

  /// Without ``hasDashes``, by which only two UIDs of the same digits differ, and nearly always without ``uppercase``.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(high)
    hasher.combine(low)
    if uppercase != 0 { hasher.combine(uppercase) }
  }

  /// Reads a whole UID; `nil` if the bytes are none.
  ///
  /// With `allowingUnderscores` each separator of a UUID may also be `_`: the kubelet's systemd driver writes it for `-`
  /// in the names of slices (`pkg/kubelet/cm/cgroup_manager_linux.go`).
  package init?(_ bytes: ArraySlice<UInt8>, allowingUnderscores: Bool = false) {
    self.init(bytes.span, allowingUnderscores: allowingUnderscores)
  }

  package init?(_ text: String) { self.init(text.utf8Span.span) }

  init?(_ bytes: Span<UInt8>, allowingUnderscores: Bool = false) {
    hasDashes = bytes.count == 36
    guard hasDashes || bytes.count == 32 else { return nil }
    var (high, low, uppercase): (UInt64, UInt64, UInt32) = (0, 0, 0)
    for offset in bytes.indices {
      let byte = bytes[offset]
      if hasDashes, isSeparator(offset) {
        guard byte == UInt8(ascii: "-") || allowingUnderscores && byte == UInt8(ascii: "_") else { return nil }
        continue
      }
      guard isHexDigit(byte) else { return nil }
      // The lower four bits of `a` and `A` are 1, and bit 5 is set in lower case only.
      let isLetter = !isDigit(byte)
      uppercase = uppercase << 1 | (isLetter ? UInt32(~byte >> 5 & 1) : 0)
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(isLetter ? byte & 0x0F + 9 : byte & 0x0F)
    }
    (self.high, self.low, self.uppercase) = (high, low, uppercase)
  }

  /// The UID as it was spelled, with `-` in place of `_`.
  package var text: String {
    var bytes = InlineArray<36, UInt8>(repeating: UInt8(ascii: "-"))
    var (digits, rest, letters) = (high, low, uppercase)
    var offset = 0
    for _ in 0..<32 {
      if hasDashes, isSeparator(offset) { offset += 1 }
      let value = UInt8(truncatingIfNeeded: digits >> 60)
      let letter = UInt8(ascii: letters >> 31 == 1 ? "A" : "a") &+ value &- 10
      bytes[offset] = value < 10 ? UInt8(ascii: "0") + value : letter
      (digits, rest, letters) = (digits << 4 | rest >> 60, rest << 4, letters << 1)
      offset += 1
    }
    return bytes.span.extracting(first: offset).text
  }

  /// Whether both are spelled the same, in whatever case the hex digits are.
  func hasSameDigits(as other: PodUID) -> Bool {
    high == other.high && low == other.low && hasDashes == other.hasDashes
  }
}

/// Whether a UUID has a dash at this offset.
private func isSeparator(_ offset: Int) -> Bool {
  switch offset {
  case 8, 13, 18, 23: true
  default: false
  }
}
