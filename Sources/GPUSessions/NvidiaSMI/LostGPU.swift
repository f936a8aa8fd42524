extension LostGPU {
  /// Reads the diagnostic that names a GPU which does not answer; `nil` for all other lines.
  ///
  /// Three spellings are known: `Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error` (610) and,
  /// of older drivers, `… for GPU 0000:34:00.0: …` or `… for gpu 0000:34:00.0: …` and `… for GPU0000:34:00.0: …`.
  init?(diagnostic line: ArraySlice<UInt8>) {
    let beginning = "Unable to determine the device handle for "
    var rest = line.dropFirst(beginning.utf8.count)
    guard line.starts(with: beginning), rest.starts(with: "GPU") || rest.starts(with: "gpu") else { return nil }
    rest = rest.dropFirst(3).trimmed
    var index: Int?
    // Only behind an index a blank follows the first colon: a bus ID has further colons.
    if let colon = rest.firstIndex(of: UInt8(ascii: ":")), rest[colon...].starts(with: ": ") {
      index = rest[..<colon].integer
      if index != nil { rest = rest[colon...].dropFirst(2) }
    }
    var bus = rest.prefix { $0 != UInt8(ascii: " ") }
    while bus.last == UInt8(ascii: ":") { bus = bus.dropLast() }
    let isBus = LostGPU.isBusID(bus)
    guard index != nil || isBus else { return nil }
    self.init(index: index, busID: isBus ? LostGPU.longBusID(bus.text) : "")
  }

  private static func isBusID(_ bytes: ArraySlice<UInt8>) -> Bool {
    let (colon, point) = (UInt8(ascii: ":"), UInt8(ascii: "."))
    return bytes.contains(colon) && bytes.contains(point)
      && bytes.allSatisfy { isHexDigit($0) || $0 == colon || $0 == point }
  }

  /// Returns the bus ID as the field `pci.bus_id` has it: `0000:3b:00.0` becomes `00000000:3B:00.0`.
  ///
  /// Diagnostics and sysfs print a domain of four digits, the GPU list one of eight in upper case.
  package static func longBusID(_ id: String) -> String {
    let domainLength = id.utf8.prefix { $0 != UInt8(ascii: ":") }.count
    return String(repeating: "0", count: max(0, 8 - domainLength)) + id.uppercased()
  }

  /// Whether this is that GPU, by bus ID, or by index if one of the two has no bus ID.
  package func isSame(as gpu: GPU) -> Bool {
    busID.isEmpty || gpu.busID.isEmpty ? index == gpu.index : busID == LostGPU.longBusID(gpu.busID)
  }

  /// Whether both are one GPU, by bus ID, or by index if one of the two has no bus ID.
  func isSame(as other: LostGPU) -> Bool {
    busID.isEmpty || other.busID.isEmpty ? index == other.index : busID == other.busID
  }
}
