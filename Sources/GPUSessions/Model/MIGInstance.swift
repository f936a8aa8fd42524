/// One MIG compute instance, joined from `-q -x` (IDs, memory) and `-L` (UUID, profile).
package struct MIGInstance: Sendable, Equatable {
  package var device: Device
  package var gpuUUID: String
  package var gpuInstanceID: Int
  package var computeInstanceID: Int
  /// nvidia-smi's "MIG Dev", dense from 0 per GPU.
  package var deviceIndex: Int
  /// `nil` where the two documents do not show the same layout.
  package var uuid: String?
  package var profile: MIGProfile?
  /// Memory of the whole GPU instance, which its compute instances share.
  package var memoryTotalBytes: UInt64?
  package var memoryUsedBytes: UInt64?
}

/// A profile name as `-L` prints it: `[Nc.]Ng.Mgb[+attribute]`.
package struct MIGProfile: Sendable, Equatable {
  package var name: String
  /// Compute slices of the compute instance: the `Nc`, else all of the GPU instance's.
  package var computeSlices: Int
  /// Compute slices of the GPU instance: the `Ng`.
  package var gpuInstanceSlices: Int

  /// The GPU instance's own profile: without the leading `Nc.` of a compute instance.
  package var gpuInstanceName: String {
    let bytes = Array(name.utf8)[...]
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), dot > 0, bytes[dot - 1] == UInt8(ascii: "c") else {
      return name
    }
    return bytes[(dot + 1)...].text
  }

  /// Reads the slices; `nil` for a name that does not follow the grammar.
  package init?(_ name: ArraySlice<UInt8>) {
    let parts = name.fields(separatedBy: UInt8(ascii: "."))
    guard let first = parts.first, let leading = MIGProfile.slices(first) else { return nil }
    if leading.unit == UInt8(ascii: "g") {
      guard parts.count > 1, MIGProfile.isMemory(parts[1]) else { return nil }
      computeSlices = leading.count
      gpuInstanceSlices = leading.count
    } else {
      guard parts.count > 2, let second = MIGProfile.slices(parts[1]), second.unit == UInt8(ascii: "g"),
        leading.count <= second.count, MIGProfile.isMemory(parts[2])
      else { return nil }
      computeSlices = leading.count
      gpuInstanceSlices = second.count
    }
    self.name = name.text
  }

  /// `40gb`, with an attribute after it or not: `10gb+me`, `24gb-me`.
  private static func isMemory(_ field: ArraySlice<UInt8>) -> Bool {
    let digits = field.prefix { (0x30...0x39).contains($0) }
    let rest = field[digits.endIndex...]
    let next = rest.dropFirst(2).first
    return !digits.isEmpty && rest.starts(with: "gb")
      && (next == nil || next == UInt8(ascii: "+") || next == UInt8(ascii: "-"))
  }

  private static func slices(_ field: ArraySlice<UInt8>) -> (count: Int, unit: UInt8)? {
    guard let unit = field.last, unit == UInt8(ascii: "g") || unit == UInt8(ascii: "c"),
      let number = field.dropLast().decimal, (1...8).contains(number)
    else { return nil }
    return (Int(number), unit)
  }
}
