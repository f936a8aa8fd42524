/// A known diagnostic line of nvidia-smi, which prints most of them on standard output, between rows or instead of them.
package enum SMIDiagnostic: Sendable, Equatable {
  /// A GPU that does not answer the driver.
  case lostGPU(LostGPU)
  /// `Field "x" is not a valid field to query.`: the driver knows no such field and has answered nothing.
  case unknownField(String)
  case driverNotLoaded
  /// The kernel module and the NVML library are of different versions.
  case driverMismatch
  case noDevices
  case noSupportedGPUs
  /// NVML could not be initialized, for a reason that has no case of its own.
  case nvml(NVMLFailure)
  case nvmlLibraryMissing
  case insufficientPermissions
  /// `pmon` on a machine that does not support it.
  case unsupported
  /// A line that explains no failure: a warning beside complete data, or the second line of a longer message.
  case remark

  /// Recognizes one line; `nil` for all other lines, which include all data.
  package init?(_ line: ArraySlice<UInt8>) {
    let line = line.trimmed
    guard let first = line.first, firstLetters.contains(first) else { return nil }
    let (beforeField, afterField) = ("Field \"", "\" is not a valid field to query.")
    if var lost = LostGPU(diagnostic: line) {
      lost.complaint = line.quotation
      self = .lostGPU(lost)
    } else if line.starts(with: beforeField), line.ends(with: afterField) {
      self = .unknownField(line.dropFirst(beforeField.utf8.count).dropLast(afterField.utf8.count).text)
    } else if let known = knownLines.first(where: { line.starts(with: $0.prefix) }) {
      self = known.diagnostic
    } else {
      return nil
    }
  }
}

/// How known lines begin (drivers 418 to 610); the first one that fits counts.
private let knownLines: [(prefix: String, diagnostic: SMIDiagnostic)] = [
  ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver", .driverNotLoaded),
  ("Failed to initialize NVML: Driver/library version mismatch", .driverMismatch),
  ("Failed to initialize NVML: No supported GPUs were found", .noSupportedGPUs),
  ("Failed to initialize NVML: Insufficient Permissions", .insufficientPermissions),
  ("Failed to initialize NVML: Driver Not Loaded", .driverNotLoaded),
  ("Failed to initialize NVML: Unknown Error", .nvml(.unknownError)),
  ("Failed to initialize NVML: GPU access blocked by the operating system", .nvml(.blocked)),
  ("Failed to initialize NVML: N/A", .nvml(.notAvailable)),
  ("Failed to initialize NVML: GPU is lost", .nvml(.lostGPU)),
  ("Failed to initialize NVML: GPU requires reset", .nvml(.lostGPU)),
  ("Failed to initialize NVML", .nvml(.other)),
  // Both "suffient" and "sufficient" have been reported, mostly of Windows.
  ("NVIDIA-SMI has failed because you do not have suff", .insufficientPermissions),
  ("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system", .nvmlLibraryMissing),
  ("No devices were found", .noDevices),
  ("The feature is not supported in this configuration", .unsupported),
  ("Not supported on the device(s)", .unsupported),
  ("Unable to determine the number of GPUs", .remark),
  ("Unable to determine the device handle", .remark),
  ("NVML library version:", .remark),
  ("Failed to properly shut down NVML", .remark),
  ("Failed to process command line", .remark),
  ("Please also try adding directory that contains libnvidia-ml.so", .remark),
  ("Make sure that the latest NVIDIA driver is installed and running", .remark),
  // Exit status 14 comes with complete data and `WARNING: infoROM is corrupted at gpu 0000:0B:00.0`.
  ("WARNING:", .remark),
]

/// The letters with which known lines begin. Nearly every line is a row of data and begins with none of them.
private let firstLetters: [UInt8] = knownLines.compactMap { $0.prefix.utf8.first } + "FU".utf8

extension ChildOutcome {
  /// The known diagnostics of both streams, those of standard output first.
  package var diagnostics: [SMIDiagnostic] {
    [standardOutput, standardError].flatMap { $0.lines().compactMap { SMIDiagnostic($0) } }
  }
}
