extension Check {
  /// Whether there is an executable nvidia-smi.
  static func nvidiaSMI(_ context: CheckContext) -> Finding {
    switch context.executable {
    case .success(let path): .pass(path)
    case .failure(let failure): .fail(failure)
    }
  }

  /// Whether nvidia-smi gives its lists. Later checks look at what the lists say.
  static func answer(_ context: CheckContext) -> Finding {
    guard let outcome = context.outcome else { return .skip(withoutNvidiaSMI) }
    switch outcome.failure {
    case nil, .foreignPIDNamespace: break
    case .noReadableDevice where context.inventory != nil: break
    case .some(let failure): return .fail(failure, reason: outcome.report.reason)
    }
    let stage = { (stage: Stage) in outcome.report.stages.first { $0.stage == stage } }
    let span = stage(.devices)?.duration ?? 0
    let seen = "GPUs and processes in \(Quantity.seconds(span))"
    if span > slow {
      return .warn(
        seen + ": slow, probably because persistence mode is off",
        "turn it on: sudo nvidia-smi -pm 1, or run nvidia-persistenced")
    }
    return .pass(
      seen
        + (stage(.utilization)?.isSuccess == false
          ? "; pmon did not report the processes' utilization on every GPU" : ""))
  }

  /// Above this nvidia-smi is slow: with persistence mode on it answers in a fraction of a second.
  private static let slow = 5 * Nanoseconds.perSecond

  /// Whether the driver knows every field that is asked for.
  static func driver(_ context: CheckContext) -> Finding {
    guard let inventory = context.inventory else { return .skip(withoutList(context)) }
    let versions = Set(inventory.gpus.map(\.driverVersion)).filter { !$0.isEmpty }.sorted()
    let version = versions.isEmpty ? "of unknown version" : versions.joined(separator: ", ")
    let unknown = context.outcome?.report.driver.unknownFields ?? []
    if unknown.isEmpty { return .pass(version) }
    if Set(unknown).isSubset(of: GPUList.newerFields.dropFirst().joined()) {
      return .pass("\(version); it does not know \(shortList(unknown)), so their metrics are absent")
    }
    return .warn(
      "\(version) does not know \(shortList(unknown))",
      "install a newer driver; until then the metrics of these fields are absent")
  }

  static let withoutNvidiaSMI = "there is no nvidia-smi to ask"

  /// Why nothing can be said about GPUs.
  static func withoutList(_ context: CheckContext) -> String {
    context.outcome == nil ? withoutNvidiaSMI : "nvidia-smi gave no list of GPUs"
  }
}
