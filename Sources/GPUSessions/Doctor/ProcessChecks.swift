extension Check {
  static func pidNamespace(_ context: inout CheckContext) -> Finding {
    let node = ProcFS(host: context.host, root: context.options.proc)
    let path = context.options.proc + "/self/ns/pid"
    let link = context.host.readLink(path).contents?[...].text
    if node.showsHostPIDs { return .pass(link.map { "the host's, \($0)" } ?? "the host's: PID 2 is kthreadd") }
    return .fail(
      link.map { "\($0) is not the host's" } ?? "\(path) cannot be read, and PID 2 is no kthreadd",
      CollectionFailure.foreignPIDNamespace.advice)
  }

  static func proc(_ context: inout CheckContext) -> Finding {
    let proc = context.options.proc
    let scan = context.processes
    switch scan.listing {
    case .absent: return .fail("\(proc) is not there", "name the node's procfs with --proc DIR")
    case .failed(let errno):
      return .fail("\(proc) cannot be listed (\(errno.reason))", "run it as root: sudo gpu-sessions check")
    case .entries: break
    }
    if scan.count == 0 { return .fail("\(proc) shows no process", "name the node's procfs with --proc DIR") }
    if !scan.hasFirst {
      return .fail(
        "\(processes(scan.count)), and process 1 is not among them: others' are hidden from this user",
        "run it as root, or show them: sudo mount -o remount,hidepid=0 /proc")
    }
    if scan.unreadable > 0 {
      return .fail(
        "\(scan.unreadable) of \(processes(scan.count)) cannot be read by this user",
        "run it as root, or show them: sudo mount -o remount,hidepid=0 /proc")
    }
    if scan.isCutShort {
      return .warn(
        "more than \(processes(scan.count)), and the time was up", "see whether the node is overloaded: uptime")
    }
    return .pass("\(processes(scan.count)) in \(proc)")
  }

  private static func processes(_ number: Int) -> String { number == 1 ? "1 process" : "\(number) processes" }
}
