/// A pod's UID: a UUID with dashes, or the 32 hex digits that the kubelet gives a static pod.
///
/// UIDs are equal only if they are spelled the same, as for the kubelet. Source: kubelet
/// `pkg/kubelet/config/common.go`. It is kept as a number: the pods of a node are looked up by it in each source, and a
/// text would take memory of its own and several times the instructions.
package struct PodUID: Hashable, Sendable {
  /// The 32 hex digits.
  private let number: UInt128
  /// Which of the digits are letters in upper case, which Kubernetes does not write; bit 0 is the last digit.
  private let uppercase: UInt32
  private let hasDashes: Bool

  /// Reads a whole UID; `nil` if the bytes are none.
  ///
  /// With `allowingUnderscores` each separator of a UUID may also be `_`: the kubelet's systemd driver writes it for `-`
  /// in the names of slices (`pkg/kubelet/cm/cgroup_manager_linux.go`).
  package init?(_ bytes: ArraySlice<UInt8>, allowingUnderscores: Bool = false) {
    self.init(bytes.span, allowingUnderscores)
  }

  package init?(_ text: String) { self.init(text.utf8Span.span, false) }

  private init?(_ bytes: Span<UInt8>, _ allowingUnderscores: Bool) {
    hasDashes = bytes.count == 36
    guard hasDashes || bytes.count == 32 else { return nil }
    var (number, uppercase): (UInt128, UInt32) = (0, 0)
    for offset in bytes.indices {
      let byte = bytes[offset]
      if hasDashes, isSeparator(offset) {
        guard byte == UInt8(ascii: "-") || allowingUnderscores && byte == UInt8(ascii: "_") else { return nil }
      } else if isDigit(byte) {
        (number, uppercase) = (number << 4 | UInt128(byte & 0x0F), uppercase << 1)
      } else if isHexDigit(byte) {
        // The lower four bits of `a` and `A` are 1, and bit 5 is set in lower case only.
        (number, uppercase) = (number << 4 | UInt128(byte & 0x0F + 9), uppercase << 1 | UInt32(~byte >> 5 & 1))
      } else {
        return nil
      }
    }
    (self.number, self.uppercase) = (number, uppercase)
  }

  /// The UID as it was spelled, with `-` in place of `_`.
  package var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    var (digits, letters) = (number, uppercase)
    for _ in 0..<32 {
      if hasDashes, isSeparator(bytes.count) { bytes.append(UInt8(ascii: "-")) }
      let value = UInt8(truncatingIfNeeded: digits >> 124)
      let letter = UInt8(ascii: letters >> 31 == 1 ? "A" : "a") &+ value &- 10
      bytes.append(value < 10 ? UInt8(ascii: "0") + value : letter)
      (digits, letters) = (digits << 4, letters << 1)
    }
    return bytes[...].text
  }

  /// Whether both are spelled the same, in whatever case the hex digits are.
  func hasSameDigits(as other: PodUID) -> Bool { number == other.number && hasDashes == other.hasDashes }
}

/// Whether a UUID has a dash at this offset.
private func isSeparator(_ offset: Int) -> Bool {
  switch offset {
  case 8, 13, 18, 23: true
  default: false
  }
}
