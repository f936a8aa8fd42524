/// nvidia-smi's own reason for a failure.
extension ChildOutcome {
  /// The first diagnostic of both streams that explains why there is no list, and the failure that follows from it.
  var explanation: (line: ArraySlice<UInt8>, failure: CollectionFailure)? {
    for stream in [standardOutput, standardError] {
      for line in stream.lines() {
        if let failure = SMIDiagnostic(line)?.failure { return (line, failure) }
      }
    }
    return nil
  }

  /// Returns the line with which nvidia-smi explains why there is no list with the `required` columns.
  ///
  /// It is the diagnostic of ``explanation``. Without one it is the first line that is not blank: of standard output if
  /// nvidia-smi ended by itself and printed no list, else of standard error. A line of a list is never returned. `nil` if
  /// nvidia-smi said nothing.
  package func reason(withoutListOf required: [String]) -> String? {
    if let explanation { return explanation.line.quotation }
    var streams = [standardError]
    if case .exited = end, CSVTable(standardOutput, required: required) == nil {
      streams = [standardOutput] + streams
    }
    for line in streams.lazy.flatMap({ $0.lines() }) {
      if let words = line.quotation { return words }
    }
    return nil
  }

  /// The diagnostic that explains why nvidia-smi printed no table; `nil` if there is none, or a line of a table.
  ///
  /// Beside a table a process's name may look like a diagnostic.
  var reasonWithoutTable: String? {
    let isTable = standardOutput.lines().contains { "|+".utf8.contains($0.trimmed.first ?? 0) }
    return isTable ? nil : explanation?.line.quotation
  }
}

extension SMIDiagnostic {
  /// The failure of the whole query that the diagnostic explains; `nil` if it explains none.
  fileprivate var failure: CollectionFailure? {
    switch self {
    case .driverNotLoaded: .driverNotLoaded
    case .driverMismatch: .driverMismatch
    case .noDevices: .noDevices
    case .noSupportedGPUs: .noSupportedGPUs
    case .nvml(let failure): .nvml(failure)
    case .nvmlLibraryMissing: .nvmlLibraryMissing
    case .insufficientPermissions: .insufficientPermissions
    case .lostGPU: .noReadableDevice
    case .unknownField, .unsupported, .remark: nil
    }
  }
}

/// The most bytes of nvidia-smi's own words in a sentence. The longest known diagnostic has 141.
private let quotationLimit = 200

extension ArraySlice<UInt8> {
  /// The words of nvidia-smi without blanks around them, cut to 200 bytes at a character; three points follow a cut. `nil`
  /// if there is nothing but blanks.
  ///
  /// Whoever prints them replaces the characters that may not reach a terminal.
  var quotation: String? {
    if trimmed.isEmpty { return nil }
    var kept = String.UnicodeScalarView()
    var count = 0
    // A character has at most four bytes, so more of the line is never needed to see that it is too long.
    for scalar in trimmed.prefix(4 * (quotationLimit + 1)).text.unicodeScalars {
      count += UTF8.width(scalar)
      if count > quotationLimit { return String(kept) + "..." }
      kept.append(scalar)
    }
    return String(kept)
  }
}
