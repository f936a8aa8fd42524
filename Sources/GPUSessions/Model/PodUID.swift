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
    let (dash, underscore) = (UInt8(ascii: "-"), UInt8(ascii: "_"))
    let isUUID = bytes.count == 36
    let span = bytes.span
    for offset in span.indices {
      if isUUID, isSeparator(offset) {
        guard span[offset] == dash || allowingUnderscores && span[offset] == underscore else { return nil }
      } else if !isHexDigit(span[offset]) {
        return nil
      }
    }
    text = (allowingUnderscores ? bytes.map { $0 == underscore ? dash : $0 }[...] : bytes).text
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
