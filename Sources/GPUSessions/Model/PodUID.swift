/// A pod's UID: a UUID with dashes, or the 32 hex digits that the kubelet gives a static pod.
///
/// UIDs are equal only if they are spelled the same, as for the kubelet. Source: kubelet
/// `pkg/kubelet/config/common.go`.
package struct PodUID: Hashable, Sendable {
  /// The UID as it was spelled, with `-` in place of `_`.
  package let text: String

  /// Reads a whole UID; `nil` if the bytes are none.
  ///
  /// With `allowingUnderscores` each separator of a UUID may also be `_`: the kubelet's systemd driver writes it for `-`
  /// in the names of slices (`pkg/kubelet/cm/cgroup_manager_linux.go`).
  package init?(_ bytes: ArraySlice<UInt8>, allowingUnderscores: Bool = false) {
    guard bytes.count == 36 || bytes.count == 32 else { return nil }
    var spelling: [UInt8] = []
    spelling.reserveCapacity(bytes.count)
    for (offset, byte) in bytes.enumerated() {
      if bytes.count == 36, isSeparator(offset) {
        guard byte == UInt8(ascii: "-") || allowingUnderscores && byte == UInt8(ascii: "_") else { return nil }
        spelling.append(UInt8(ascii: "-"))
      } else {
        guard isHexDigit(byte) else { return nil }
        spelling.append(byte)
      }
    }
    text = spelling[...].text
  }

  package init?(_ text: String) { self.init(Array(text.utf8)[...]) }

  /// Whether both are spelled the same, in whatever case the hex digits are.
  func hasSameDigits(as other: PodUID) -> Bool { text.lowercased() == other.text.lowercased() }
}

/// Whether a UUID has a dash at this offset.
private func isSeparator(_ offset: Int) -> Bool {
  switch offset {
  case 8, 13, 18, 23: true
  default: false
  }
}
