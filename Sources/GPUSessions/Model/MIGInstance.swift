/// One MIG compute instance. nvidia-smi's table tells its IDs and memory, `nvidia-smi -L` its UUID and profile.
package struct MIGInstance: Sendable, Equatable {
  package var device: Device
  package var gpuUUID: String
  package var gpuInstanceID: Int
  package var computeInstanceID: Int
  /// The number that nvidia-smi calls "MIG Dev": the instances of a GPU are counted from 0.
  package var deviceIndex: Int
  /// `nil` if the table and `-L` list different instances; then the profile is `nil` too.
  package var uuid: String?
  package var profile: MIGProfile?
  /// Memory of the whole GPU instance; its compute instances share it.
  package var memoryTotalBytes: UInt64?
  /// Memory in use of the whole GPU instance.
  package var memoryUsedBytes: UInt64?
  /// Without a figure unless it was asked for.
  package var utilization = InstanceUtilization()
}

/// How busy a MIG compute instance is, in percent, 0 to 100, as the driver's GPU performance monitoring (GPM) reports it. A
/// figure that it does not report is `nil`.
package struct InstanceUtilization: Sendable, Equatable {
  /// The share of time in which the graphics or compute engine was active: `gract`.
  package var engine: Double?
  /// The share of the multiprocessors that were busy: `smutil`.
  package var sm: Double?
  /// The share of the memory bandwidth that was used: `dram`.
  package var memoryBandwidth: Double?

  package init(engine: Double? = nil, sm: Double? = nil, memoryBandwidth: Double? = nil) {
    self.engine = engine
    self.sm = sm
    self.memoryBandwidth = memoryBandwidth
  }

  /// Whether no figure is known.
  package var isEmpty: Bool { self == InstanceUtilization() }
}

/// A MIG profile by its name in `nvidia-smi -L`: `[Nc.]Ng.Mgb[+attribute]`.
package struct MIGProfile: Sendable, Equatable {
  package var name: String
  /// Compute slices of the compute instance: the N of `Nc`, or of `Ng` if there is no `Nc`.
  package var computeSlices: Int
  /// Compute slices of the GPU instance: the N of `Ng`.
  package var gpuInstanceSlices: Int

  /// The name of the GPU instance's profile: the name without `Nc.` in front.
  package var gpuInstanceName: String {
    let bytes = Array(name.utf8)[...]
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")), dot > 0, bytes[dot - 1] == UInt8(ascii: "c") else {
      return name
    }
    return bytes[(dot + 1)...].text
  }

  /// Reads a name; `nil` if it does not have the form above or a count of slices is not from 1 to 8.
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

  /// Whether the field is a size such as `40gb`; an attribute may follow, as in `10gb+me` and `24gb-me`.
  private static func isMemory(_ field: ArraySlice<UInt8>) -> Bool {
    let digits = field.prefix { (0x30...0x39).contains($0) }
    let rest = field[digits.endIndex...]
    let next = rest.dropFirst(2).first
    return !digits.isEmpty && rest.starts(with: "gb")
      && (next == nil || next == UInt8(ascii: "+") || next == UInt8(ascii: "-"))
  }

  /// Reads `3g` or `1c`; `nil` for all other fields.
  private static func slices(_ field: ArraySlice<UInt8>) -> (count: Int, unit: UInt8)? {
    guard let unit = field.last, unit == UInt8(ascii: "g") || unit == UInt8(ascii: "c"),
      let number = field.dropLast().decimal, (1...8).contains(number)
    else { return nil }
    return (Int(number), unit)
  }
}
