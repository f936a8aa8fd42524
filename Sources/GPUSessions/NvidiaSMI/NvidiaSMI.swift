/// Runs nvidia-smi, with one deadline for all its queries.
package struct NvidiaSMI: Sendable {
  package let host: Host
  /// Path of the executable.
  package let executable: String
  /// When every query must have ended, on the ``Host/now`` clock.
  package let deadline: Nanoseconds

  /// One command of nvidia-smi (drivers 418 to 610).
  package enum Query: Sendable, Equatable {
    /// Read by ``GPUList``.
    case gpus(fields: [String])
    /// Read by ``ProcessList``.
    case computeApps(fields: [String])
    /// Read by ``Pmon``: the GPUs with these indexes, or all of them if there is no index.
    case pmon(gpus: [Int])
    /// Read by ``InstanceList``.
    case list
    /// Read by ``SMITable``.
    case table
    /// Read by ``MIGUtilization``. It takes two seconds, and needs driver 550.
    case migUtilization

    package var arguments: [String] {
      switch self {
      case .gpus(let fields): ["--query-gpu=" + NvidiaSMI.list(fields), "--format=csv"]
      case .computeApps(let fields): ["--query-compute-apps=" + NvidiaSMI.list(fields), "--format=csv"]
      case .pmon(let gpus):
        ["pmon", "-c", "1", "-s", "u"]
          + (gpus.isEmpty ? [] : ["-i", NvidiaSMI.list(gpus.map { String($0) })])
      case .list: ["-L"]
      case .table: []
      case .migUtilization: MIGUtilization.arguments
      }
    }
  }

  /// Joins with commas. `joined(separator:)` is generic, and its types cost a run more than all else in a command line.
  private static func list(_ items: [String]) -> String {
    items.dropFirst().reduce(items.first ?? "") { $0 + "," + $1 }
  }

  /// The most bytes read of one output, 8 MiB; nvidia-smi is stopped when it writes more.
  ///
  /// The driver lists at most 950 processes per GPU, in rows of 91 bytes at most.
  static let outputLimit = 8 << 20

  /// Starts all queries at the same time and returns one outcome per query, in their order.
  ///
  /// Throws `.terminated` if this process was asked to end meanwhile, and nothing else: a query that fails has an outcome
  /// that says so.
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

  /// Asks again without the fields that the driver does not know, and returns the last outcome and the fields left out.
  ///
  /// A driver that does not know a field names the first one, answers nothing and exits with a status other than 0. One
  /// more call is enough: of the `newer` fields, in groups from old to new, a driver that does not know one knows none of
  /// a later group. Should it complain again, only the `required` ones are asked for. `first` is the outcome of the query
  /// with all `fields`; it is returned as it is if the driver knows them all.
  package func droppingUnknownFields(
    _ first: ChildOutcome, fields: [String], newer: [[String]] = [], required: [String],
    query: ([String]) -> Query
  ) throws(CollectionFailure) -> (outcome: ChildOutcome, dropped: [String]) {
    guard let unknown = first.unknownField else { return (first, []) }
    let unknownGroups = newer.drop { !$0.contains(unknown) }.flatMap(\.self)
    let dropped = unknownGroups.isEmpty ? [unknown] : unknownGroups
    var next = fields.filter { !dropped.contains($0) || required.contains($0) }
    if next.count == fields.count { next = required }
    if next.count == fields.count { return (first, []) }
    var outcome = try ask([query(next)])[0]
    if outcome.unknownField != nil, next.count > required.count {
      next = required
      outcome = try ask([query(next)])[0]
    }
    return (outcome, fields.filter { !next.contains($0) })
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

/// Returns why the output of a query holds no list, from how nvidia-smi ended and which diagnostics it printed.
///
/// `what` names the list in the message of a failure that nothing else explains.
package func failure(of outcome: ChildOutcome, executable: String, what: String) -> CollectionFailure {
  switch outcome.end {
  case .notStarted(let errno): .notStarted(executable, errno: errno)
  case .deadline: .timedOut
  case .abandoned: .abandoned
  case .outputLimit: .tooMuchOutput
  case .signaled(let signal): .crashed(signal: signal)
  case .terminated: .terminated
  case .exited(let status):
    outcome.explanation?.failure ?? .notAList(what: what, exit: status)
  }
}

extension ChildOutcome {
  /// The first field that the driver says it does not know; `nil` if there is none, or if nvidia-smi exited with 0.
  fileprivate var unknownField: String? {
    guard case .exited(let status) = end, status != 0 else { return nil }
    for case .unknownField(let name) in diagnostics { return name }
    return nil
  }
}
