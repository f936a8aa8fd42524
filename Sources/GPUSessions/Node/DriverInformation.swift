/// What `/proc/driver/nvidia/gpus/<bus id>/information` says that nvidia-smi's list does not.
package struct DriverInformation: Sendable, Equatable {
  package var uuid: String
  /// The N of `/dev/nvidiaN`.
  package var minor: Int

  /// Reads `GPU UUID:` and `Device Minor:`; `nil` without both.
  package init?(_ bytes: [UInt8]) {
    var (uuid, minor) = (ArraySlice<UInt8>?.none, Int?.none)
    for line in bytes[...].lines() {
      let parts = line.fields(separatedBy: UInt8(ascii: ":"), maxSplits: 1)
      guard parts.count == 2 else { continue }
      if parts[0].equals("GPU UUID") { uuid = parts[1].trimmed }
      if parts[0].equals("Device Minor") { minor = parts[1].trimmed.decimal.flatMap { Int(exactly: $0) } }
    }
    guard let uuid, uuid.starts(with: "GPU-"), let minor else { return nil }
    self.uuid = uuid.text
    self.minor = minor
  }
}
