extension Check {
  /// Whether this process runs in the host's PID namespace. If not, nvidia-smi's PIDs mean other processes here.
  static func pidNamespace(_ context: CheckContext) -> Finding {
    let node = ProcFS(host: context.host, root: context.options.proc)
    let path = context.options.proc + "/self/ns/pid"
    let link = context.host.readLink(path).contents?[...].text
    if node.showsHostPIDs { return .pass(link.map { "the host's, \($0)" } ?? "the host's: PID 2 is kthreadd") }
    return .fail(
      link.map { "\($0) is not the host's" } ?? "\(path) cannot be read, and PID 2 is not kthreadd",
      CollectionFailure.foreignPIDNamespace.remedy)
  }

  /// Whether the processes of all users can be read.
  static func proc(_ context: CheckContext) -> Finding {
    let proc = context.options.proc
    let scan = context.processes
    switch scan.listing {
    case .absent: return .fail("\(proc) is not there", CollectionFailure.noProcfs(proc).remedy)
    case .failed(let errno): return .fail("\(proc) cannot be listed (\(errno.reason))", asRoot)
    case .entries: break
    }
    if scan.count == 0 { return .fail("\(proc) shows no process", CollectionFailure.noProcfs(proc).remedy) }
    if !scan.hasFirst {
      return .fail(
        "\(processes(scan.count)), and PID 1 is not among them: processes of other users are hidden",
        showAll)
    }
    if scan.unreadable > 0 {
      return .fail(
        "\(scan.unreadable) of \(processes(scan.count)) cannot be read by this user",
        showAll)
    }
    if scan.isCutShort {
      return .warn(
        "only \(processes(scan.count)) could be looked at in time", "see whether the node is overloaded: uptime")
    }
    return .pass("\(processes(scan.count)) in \(proc)")
  }

  /// What helps if `/proc` is mounted with `hidepid`.
  private static let showAll = "run it as root, or show them: sudo mount -o remount,hidepid=0 /proc"
}
