/// A known diagnostic line of nvidia-smi. They come on stdout as a rule, between rows or instead of them.
package enum SMIDiagnostic: Sendable, Equatable {
  /// `Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error` (610) and older spellings.
  case lostGPU(LostGPU)
  /// `Field "x" is not a valid field to query.`
  case unknownField(String)
  case driverNotLoaded
  case driverMismatch
  case noDevices
  case noSupportedGPUs
  case nvmlUnknownError
  case nvmlLibraryMissing
  case insufficientPermissions
  /// pmon on a machine that has no such thing.
  case unsupported
  /// `WARNING: infoROM is corrupted at gpu …` and the second lines of longer messages.
  case remark

  /// Recognises one line; `nil` for anything else, which includes all data.
  package init?(_ line: ArraySlice<UInt8>) {
    let line = line.trimmed
    guard let first = line.first, messageStarts[Int(first)] else { return nil }
    if let lost = LostGPU(line) {
      self = .lostGPU(lost)
    } else if line.starts(with: fieldPrefix), line.ends(with: fieldSuffix) {
      self = .unknownField(line.dropFirst(fieldPrefix.utf8.count).dropLast(fieldSuffix.utf8.count).text)
    } else if let known = knownLines.first(where: { line.starts(with: $0.prefix) }) {
      self = known.message
    } else {
      return nil
    }
  }
}

/// Whether a message begins with this byte: most rows are told from all of them by it.
private let messageStarts: [Bool] = {
  var starts = Array(repeating: false, count: 256)
  func add(_ prefix: String) {
    if let first = prefix.utf8.first { starts[Int(first)] = true }
  }
  for line in knownLines { add(line.prefix) }
  add(fieldPrefix)
  add(LostGPU.prefix)
  return starts
}()

private let fieldPrefix = "Field \""
private let fieldSuffix = "\" is not a valid field to query."

private let knownLines: [(prefix: String, message: SMIDiagnostic)] = [
  ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver", .driverNotLoaded),
  ("Failed to initialize NVML: Driver/library version mismatch", .driverMismatch),
  ("Failed to initialize NVML: No supported GPUs were found", .noSupportedGPUs),
  ("Failed to initialize NVML: Insufficient Permissions", .insufficientPermissions),
  ("Failed to initialize NVML: Driver Not Loaded", .driverNotLoaded),
  ("Failed to initialize NVML", .nvmlUnknownError),
  ("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system", .nvmlLibraryMissing),
  ("No devices were found", .noDevices),
  ("The feature is not supported in this configuration", .unsupported),
  ("Not supported on the device(s)", .unsupported),
  ("Unable to determine the number of GPUs", .remark),
  ("Unable to determine the device handle", .remark),
  ("NVML library version:", .remark),
  ("Failed to process command line", .remark),
  ("Please also try adding directory that contains libnvidia-ml.so", .remark),
  ("Make sure that the latest NVIDIA driver is installed and running", .remark),
  ("WARNING: infoROM is corrupted at gpu", .remark),
  ("WARNING:", .remark),
]

extension LostGPU {
  fileprivate static let prefix = "Unable to determine the device handle for "

  /// Reads the complaint in each spelling seen: `GPU1: BUS: why`, `GPU BUS: why`, `GPUBUS: why`.
  fileprivate init?(_ line: ArraySlice<UInt8>) {
    var rest = line.dropFirst(LostGPU.prefix.utf8.count)
    guard line.starts(with: LostGPU.prefix), rest.starts(with: "GPU") || rest.starts(with: "gpu") else {
      return nil
    }
    rest = rest.dropFirst(3).trimmed
    var index: Int?
    if let colon = rest.firstIndex(of: UInt8(ascii: ":")), rest[colon...].starts(with: ": ") {
      index = rest[..<colon].decimal.flatMap { Int(exactly: $0) }
      if index != nil { rest = rest[(colon + 2)...] }
    }
    let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
    var bus = rest[..<end]
    while bus.last == UInt8(ascii: ":") { bus = bus.dropLast() }
    let isBus =
      bus.contains(UInt8(ascii: ":")) && bus.contains(UInt8(ascii: "."))
      && bus.allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    guard index != nil || isBus else { return nil }
    self.init(index: index, busID: isBus ? LostGPU.longBusID(bus.text) : "")
  }

  /// The domain padded to eight digits and in upper case, as `pci.bus_id` prints it (`0000:34:00.0` in messages).
  package static func longBusID(_ id: String) -> String {
    let domain = id.utf8.prefix { $0 != UInt8(ascii: ":") }.count
    return String(repeating: "0", count: max(0, 8 - domain)) + id.uppercased()
  }
}

/// The known messages of one answer, both streams, each line once.
package func messages(in outcome: ChildOutcome) -> [SMIDiagnostic] {
  outcome.standardOutput.eachLine.compactMap { SMIDiagnostic($0) }
    + outcome.standardError.eachLine.compactMap { SMIDiagnostic($0) }
}
