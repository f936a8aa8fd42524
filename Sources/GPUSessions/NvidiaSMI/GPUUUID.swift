/// Whether the text is the UUID of a physical GPU: `GPU-…`, or for an integrated one without `GPU-`.
///
/// Source: `ddae9891-aaa8-5edd-bbf3-3a33c5adc75f` on a Jetson AGX Orin, driver 540.
func isGPUUUID(_ text: String) -> Bool { text.hasPrefix("GPU-") || isUUID(text.utf8) }

/// Whether these are hex digits in groups of 8, 4, 4, 4 and 12 with dashes between them.
private func isUUID(_ text: String.UTF8View) -> Bool {
  let groups = Array(text).fields(separatedBy: UInt8(ascii: "-"))
  return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy(\.isHex)
}
