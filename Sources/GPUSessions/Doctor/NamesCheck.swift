extension Check {
  /// Where the names of pods and containers come from, and whether they came.
  static func names(_ context: inout CheckContext) -> Finding {
    let sources = NameSources(context.host, context.options)
    let problems = context.problems
    let conflicts = problems[.attributionConflict]
    if conflicts > 0 {
      return .warn(
        "\(count(conflicts, "pod")) without names: two sources contradict each other",
        "see which pods have two directories of one UID: ls \(sources.podLogs.quoted)")
    }
    let unnamed = problems[.podNameUnknown]
    if unnamed > 0 {
      return .warn(
        "\(count(unnamed, "pod")) without a name in \(sources.readable.isEmpty ? "any source" : sources.summary)",
        sources.denied.isEmpty ? sources.adviceForMore : asRoot)
    }
    return sources.finding(hasPods: context.hasPods)
  }

  static let asRoot = "run it as root: sudo gpu-sessions check"
}

/// The directories that name pods and containers.
private struct NameSources {
  var readable: [String] = []
  var denied: [String] = []
  let podLogs: String
  /// Whether one of the log directories, which do without the runtime's files, is denied.
  private var areLogsDenied = false

  init(_ host: Host, _ options: Options) {
    podLogs = options.nodePath("/var/log/pods")
    let logs = [podLogs, options.nodePath("/var/log/containers")]
    let runtimes = RuntimeMetadata.containerdStates + RuntimeMetadata.criOStorages + ["/var/lib/docker/containers"]
    for path in logs + runtimes.map(options.nodePath) {
      switch host.listDirectory(path) {
      case .entries: readable.append(path)
      case .failed:
        denied.append(path)
        if logs.contains(path) { areLogsDenied = true }
      case .absent: continue
      }
    }
  }

  var summary: String {
    readable.joined(separator: ", ")
      + (denied.isEmpty ? "" : "; not readable: " + denied.joined(separator: ", "))
  }

  var mountAdvice: String {
    "mount the node's /var/log/pods and /var/log/containers, read-only, below --host-root"
  }

  /// Logs that are there and do not name a pod: another kubelet's, or a log driver that writes none.
  var adviceForMore: String {
    readable.contains(podLogs)
      ? "give it the runtime's own files below --host-root: /run/containerd, or /var/lib/containers/storage"
      : mountAdvice
  }

  /// Without pods the logs are not missed, and the runtime's files name containers only.
  func finding(hasPods: Bool) -> Finding {
    if areLogsDenied || (readable.isEmpty && !denied.isEmpty) {
      return .warn("not readable: " + denied.joined(separator: ", "), Check.asRoot)
    }
    if !readable.isEmpty { return .pass(summary) }
    if !hasPods { return .skip("no pods, and no container runtime's files") }
    return .fail("pods run here, and there is nothing that names them: \(podLogs) is not there", mountAdvice)
  }
}
