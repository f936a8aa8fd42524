/// What the NVIDIA driver says about a GPU in `/proc/driver/nvidia/gpus/<bus id>/information`.
package struct DriverInformation: Sendable, Equatable {
  package var uuid: String
  /// The N of `/dev/nvidiaN`.
  package var minor: Int

  /// Reads the lines `GPU UUID:` and `Device Minor:`; `nil` if one of them is missing.
  package init?(_ bytes: [UInt8]) {
    var uuid: String?
    var minor: Int?
    for line in bytes[...].lines() {
      let parts = line.fields(separatedBy: UInt8(ascii: ":"), maxSplits: 1)
      guard parts.count == 2 else { continue }
      if parts[0].equals("GPU UUID") { uuid = parts[1].trimmed.text }
      if parts[0].equals("Device Minor") { minor = parts[1].trimmed.decimal.flatMap { Int(exactly: $0) } }
    }
    guard let uuid, isGPUUUID(uuid), let minor else { return nil }
    self.uuid = uuid
    self.minor = minor
  }
}
