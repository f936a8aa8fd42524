/// A pod's UID: a UUID with dashes, or the 32 hex digits that the kubelet gives a static pod.
///
/// UIDs are equal only if they are spelled the same, as for the kubelet. Source: kubelet
/// `pkg/kubelet/config/common.go`. It is kept as numbers: the pods of a node are looked up by it in each source, and a
/// text would take memory of its own and several times the instructions.
package struct PodUID: Hashable, Sendable {
  /// The first 16 of the 32 hex digits, and the last 16.
  private var high: UInt64 = 0
  private var low: UInt64 = 0
  /// Which of the digits are letters in upper case, which Kubernetes does not write; bit 0 is the last digit.
  private var uppercase: UInt32 = 0
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
    // No separator is a digit: with 32 digits all else is one.
    guard hasDashes || bytes.count == 32, bytes.count(of: isHexDigit) == 32 else { return nil }
    for group in hasDashes ? dashedGroups : plainGroups {
      append(bytes.extracting(group))
      if group.upperBound == bytes.count { return }
      let separator = bytes[group.upperBound]
      guard separator == UInt8(ascii: "-") || allowingUnderscores && separator == UInt8(ascii: "_") else {
        return nil
      }
    }
  }

  /// Adds the last digits.
  private mutating func append(_ digits: Span<UInt8>) {
    for offset in digits.indices {
      let byte = digits[offset]
      (high, low) = (high << 4 | low >> 60, low << 4 | UInt64(hexValue(byte)))
      // Letters have bit 6, and those in lower case bit 5.
      uppercase = uppercase << 1 | UInt32(byte >> 6 & ~(byte >> 5))
    }
  }

  /// The UID as it was spelled, with `-` in place of `_`.
  package var text: String {
    [UInt8](capacity: 36) { appendText(to: &$0) }[...].text
  }

  /// Appends ``text``.
  func appendText(to output: inout OutputSpan<UInt8>) {
    var rest = self
    for group in hasDashes ? dashedGroups : plainGroups {
      if group.lowerBound > 0 { output.append(UInt8(ascii: "-")) }
      for _ in group { output.append(rest.popFirst()) }
    }
  }

  /// Takes away the first digit, and returns how it is spelled.
  private mutating func popFirst() -> UInt8 {
    let value = UInt8(truncatingIfNeeded: high >> 60)
    let letter = uppercase >> 31 == 1 ? UInt8(ascii: "A") : UInt8(ascii: "a")
    (high, low, uppercase) = (high << 4 | low >> 60, low << 4, uppercase << 1)
    return value < 10 ? UInt8(ascii: "0") + value : letter &+ value &- 10
  }

  /// Whether both are spelled the same, in whatever case the hex digits are.
  func hasSameDigits(as other: PodUID) -> Bool {
    high == other.high && low == other.low && hasDashes == other.hasDashes
  }
}

/// Where the digits of a UID stand.
private let dashedGroups = [0..<8, 9..<13, 14..<18, 19..<23, 24..<36]
private let plainGroups = [0..<32]
