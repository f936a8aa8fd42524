/// Asks one nvidia-smi, with one deadline for all that is asked.
package struct NvidiaSMI: Sendable {
  package let host: Host
  package let executable: String
  /// On the ``Host/now`` clock.
  package let deadline: Nanoseconds

  /// What can be asked, as nvidia-smi spells it (drivers 418 to 610).
  package enum Query: Sendable, Equatable {
    case gpus(fields: [String])
    case computeApps(fields: [String])
    /// All GPUs, or those with these indexes.
    case pmon(gpus: [Int])
    case list
    case document

    package var arguments: [String] {
      switch self {
      case .gpus(let fields): ["--query-gpu=" + commaSeparated(fields), "--format=csv"]
      case .computeApps(let fields):
        ["--query-compute-apps=" + commaSeparated(fields), "--format=csv"]
      case .pmon(let gpus):
        ["pmon", "-c", "1", "-s", "um"]
          + (gpus.isEmpty ? [] : ["-i", commaSeparated(gpus.map { String($0) })])
      case .list: ["-L"]
      case .document: ["-q", "-x"]
      }
    }
  }

  /// Bytes read of one answer: 8 GPUs with 950 processes each stay far below.
  private static let outputLimit = 32 << 20

  /// Starts all queries at the same time and returns their outcomes in the same order.
  ///
  /// Throws only if this process was asked to end meanwhile: what is missing then is no finding about the node.
  package func ask(_ queries: [Query]) throws(CollectionFailure) -> [ChildOutcome] {
    let outcomes = host.spawn(
      queries.map {
        ChildCommand(
          executable: executable, arguments: $0.arguments,
          environment: ["LC_ALL": "C", "NVSMI_SHOW_ALL_DEVICES": "1"], outputLimit: NvidiaSMI.outputLimit)
      }, deadline)
    if outcomes.contains(where: { $0.end == .terminated }) { throw .terminated }
    return queries.indices.map { $0 < outcomes.count ? outcomes[$0] : ChildOutcome(end: .notStarted(0)) }
  }

  /// Asks again with fewer fields as long as the driver does not know one; names those given up.
  package func droppingUnknownFields(
    _ first: ChildOutcome, fields: [String], required: [String], query: ([String]) -> Query
  ) throws(CollectionFailure) -> (outcome: ChildOutcome, dropped: [String]) {
    var outcome = first
    var fields = fields
    var dropped: [String] = []
    while case .exited(let status) = outcome.end, status != 0, let unknown = unknownField(outcome) {
      let remaining = fields.filter { $0 != unknown || required.contains($0) }
      let next = remaining.count < fields.count ? remaining : required
      if next.count == fields.count { break }
      dropped += fields.filter { !next.contains($0) }
      fields = next
      outcome = try ask([query(fields)])[0]
    }
    return (outcome, dropped)
  }

  private func unknownField(_ outcome: ChildOutcome) -> String? {
    for case .unknownField(let name) in messages(in: outcome) { return name }
    return nil
  }

  /// Finds the executable: the option, `PATH` (absolute entries only), then where drivers put it.
  package static func locate(_ host: Host, option: String?) -> Result<String, CollectionFailure> {
    if let option {
      return option.utf8.contains(UInt8(ascii: "/")) && host.isExecutable(option)
        ? .success(option) : .failure(.nvidiaSMINotExecutable(option))
    }
    let found = findExecutable("nvidia-smi", thenIn: driverDirectories, host)
    return found.map { .success($0) } ?? .failure(.nvidiaSMINotFound)
  }

  /// Distribution packages, the container toolkit, the GPU Operator's driver container, GKE, WSL2, NixOS.
  private static let driverDirectories = [
    "/usr/bin", "/usr/local/bin", "/usr/local/nvidia/bin", "/run/nvidia/driver/usr/bin", "/opt/nvidia/bin",
    "/home/kubernetes/bin/nvidia/bin", "/usr/lib/wsl/lib", "/run/current-system/sw/bin",
  ]
}

/// Why an answer holds no list, from how the child ended and what it said.
package func failure(of outcome: ChildOutcome, executable: String, what: String) -> CollectionFailure {
  switch outcome.end {
  case .notStarted(let errno): .notStarted(executable, errno: errno)
  case .deadline: .timedOut
  case .abandoned: .abandoned
  case .outputLimit: .tooMuchOutput
  case .signaled(let signal): .crashed(signal: signal)
  case .terminated: .terminated
  case .exited(let status):
    messages(in: outcome).lazy.compactMap(\.failure).first ?? .notAList(what: what, exit: status)
  }
}

extension SMIDiagnostic {
  /// The failure this message explains; `nil` where it costs one GPU, a field or nothing.
  fileprivate var failure: CollectionFailure? {
    switch self {
    case .driverNotLoaded: .driverNotLoaded
    case .driverMismatch: .driverMismatch
    case .noDevices: .noDevices
    case .noSupportedGPUs: .noSupportedGPUs
    case .nvmlUnknownError: .nvmlUnknownError
    case .nvmlLibraryMissing: .nvmlLibraryMissing
    case .insufficientPermissions: .insufficientPermissions
    case .lostGPU: .noReadableDevice
    case .unknownField, .unsupported, .remark: nil
    }
  }
}

/// The items with commas between them; the library's own way asks the runtime for a dozen types first.
private func commaSeparated(_ items: [String]) -> String {
  var list = ""
  for item in items {
    if !list.isEmpty { list += "," }
    list += item
  }
  return list
}
