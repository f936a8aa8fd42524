extension Check {
  /// Whether the sources of names can be read, and whether every pod on a GPU has a name.
  static func names(_ context: CheckContext) -> Finding {
    let sources = NameSources(context)
    let problems = context.problems
    let conflicts = problems[.attributionConflict]
    if conflicts > 0 {
      return .warn(
        "two sources contradict each other about \(count(conflicts, "pod"))",
        "look for two directories with the same UID: ls \(sources.podLogs.quoted)")
    }
    let unnamed = problems[.podNameUnknown]
    if unnamed > 0 {
      return .warn(
        "\(count(unnamed, "pod")) without a name in \(sources.readable.isEmpty ? "any source" : sources.summary)",
        sources.denied.isEmpty ? sources.adviceForMore : sources.adviceForDenied)
    }
    let nameless = (context.outcome?.node?.sessions ?? []).filter {
      $0.owner.isInContainer && $0.owner.container.isEmpty
    }
    if let first = nameless.first {
      return .warn(
        "\(count(nameless.count, "session")) in containers whose name is not known, such as PID \(first.pid)",
        adviceForNameless(first, sources))
    }
    return sources.finding(hasPods: context.hasPods)
  }

  /// What helps if a container has no name, by the runtime that its cgroup shows.
  private static func adviceForNameless(_ session: Session, _ sources: NameSources) -> String {
    if !sources.denied.isEmpty { return sources.adviceForDenied }
    switch session.owner.runtime.flatMap({ CgroupIdentity.Runtime(rawValue: $0) }) {
    case .docker:
      return "see where Docker keeps its files, and mount that directory below --host-root:"
        + " docker info --format '{{.DockerRootDir}}'"
    case .podman: return "see whether podman knows it: sudo podman ps --no-trunc --format '{{.ID}} {{.Names}}'"
    case .containerd, .criO: return sources.adviceForMore
    default: return "see which runtime created the container: cat /proc/\(session.pid)/cgroup"
    }
  }
}

/// The directories whose entries name pods and containers.
private struct NameSources {
  private(set) var readable: [String] = []
  /// Those that cannot be read, each with the reason unless a permission is missing.
  private(set) var denied: [String] = []
  /// The first that cannot be read because of a symbolic link.
  private var linked: String?
  let podLogs: String
  /// Whether one of the log directories cannot be read. They suffice without the files of a container runtime.
  private var areLogsDenied = false

  init(_ context: CheckContext) {
    let (host, options) = (context.host, context.options)
    podLogs = options.nodePath("/var/log/pods")
    let logs = [podLogs, options.nodePath("/var/log/containers")]
    let runtimes =
      RuntimeKind.containerd.usualRoots + RuntimeKind.storage.usualRoots
      + RuntimeKind.docker.usualRoots.map { $0 + "/containers" }
    var places = (logs + runtimes.map(options.nodePath)).map { (path: $0, origin: "") }
    var roots = RuntimeRoots(
      node: ProcFS(host: host, root: options.proc), options: options,
      onGPUs: context.outcome?.report.listedPIDs ?? [])
    for kind in RuntimeKind.allCases {
      for root in roots.configured(kind) + roots.running(kind) where !kind.usualRoots.contains(root.path) {
        let path = options.nodePath(root.path + (kind == .docker ? "/containers" : ""))
        if !places.contains(where: { $0.path == path }) { places.append((path, " (from \(root.origin))")) }
      }
    }
    for (path, origin) in places {
      switch host.listDirectory(path) {
      case .entries: readable.append(path + origin)
      case .failed(let errno):
        deny(path, errno)
        if logs.contains(path) { areLogsDenied = true }
      case .absent: continue
      }
    }
  }

  private mutating func deny(_ path: String, _ errno: Errno) {
    switch errno {
    case .permissionDenied, .notPermitted: denied.append(path)
    case .tooManySymbolicLinks: denied.append("\(path) (a symbolic link in the path is not followed)")
    default: denied.append("\(path) (\(errno.reason))")
    }
    let isLink = errno == .tooManySymbolicLinks || errno == .danglingLink
    if isLink, linked == nil { linked = path }
  }

  /// The directories that can be read, then those that cannot.
  var summary: String {
    readable.joined(separator: ", ")
      + (denied.isEmpty ? "" : "; not readable: " + denied.joined(separator: ", "))
  }

  /// What helps if a directory cannot be read.
  var adviceForDenied: String {
    linked.map { "see which link is in the path, and who made it: namei -l \($0.quoted)" } ?? Check.asRoot
  }

  private var mountAdvice: String {
    "mount the node's /var/log/pods and /var/log/containers, read-only, below --host-root"
  }

  /// What helps if the sources that can be read do not name every pod. Some log drivers, journald for instance, leave
  /// `/var/log/pods` empty.
  var adviceForMore: String {
    readable.contains(podLogs)
      ? "mount the runtime's own files below --host-root, read-only: /run/containerd, or /var/lib/containers/storage"
      : mountAdvice
  }

  /// What to report if no pod lacks a name.
  func finding(hasPods: Bool) -> Finding {
    if areLogsDenied || (readable.isEmpty && !denied.isEmpty) {
      return .warn("not readable: " + denied.joined(separator: ", "), adviceForDenied)
    }
    if !readable.isEmpty { return .pass(summary) }
    if !hasPods { return .skip("no pods, and no container runtime's files") }
    return .fail("pods run here, and nothing names them: \(podLogs) is not there", mountAdvice)
  }
}
