extension Check {
  /// Whether a node_exporter runs that reads the directory of `--output` and may do so.
  static func nodeExporter(_ context: CheckContext) -> Finding {
    guard let place = context.place else { return .skip(toStandardOutput) }
    let node = ProcFS(host: context.host, root: context.options.proc)
    if !node.showsHostPIDs { return .skip("only processes of this PID namespace can be seen") }
    let scan = context.processes
    let match = TextfileDirectoryMatcher(place, context)
    if scan.exporters.isEmpty {
      if scan.isComplete, let agent = scan.agents.first(where: { !$0.isUsers }) { return judge(agent, match) }
      if let pid = scan.exportersOfUsers.first {
        return .warn(
          "node_exporter (PID \(pid)) runs in a user's session, and no other one runs here",
          "start node_exporter as a service with \(match.flag)")
      }
      if !scan.isComplete { return .skip("not every process of the node can be seen") }
      if let agent = scan.agents.first { return judge(agent, match) }
      return .fail("no node_exporter runs here", "start node_exporter with \(match.flag)")
    }
    let findings = scan.exporters.map { judge($0, place, match, context.host) }
    // Another node_exporter may run beside the right one, so the best finding counts.
    let best = findings.first { $0.result == .pass } ?? findings.first { $0.result == .warn } ?? findings.first
    return best ?? .skip("no node_exporter could be judged")
  }

  /// What one node_exporter does with the directory.
  private static func judge(
    _ exporter: NodeExporter, _ place: OutputPlace, _ match: TextfileDirectoryMatcher, _ host: Host
  ) -> Finding {
    let who = "node_exporter (PID \(exporter.pid))"
    guard let arguments = exporter.arguments else {
      return .warn("\(who): its command line cannot be read", asRoot)
    }
    if arguments.isDisabled {
      return .fail("\(who) runs with its textfile collector off", "start node_exporter with --collector.textfile")
    }
    let directories = exporter.directories
    if directories.isEmpty {
      return .fail("\(who) runs without --collector.textfile.directory", "start node_exporter with \(match.flag)")
    }
    guard let read = directories.first(where: { match.matches($0, rootfs: arguments.rootfs, host) }) else {
      return .fail(
        "\(who) reads \(shortList(directories)), not \(place.directory)",
        "publish there with --output FILE, or start node_exporter with \(match.flag)")
    }
    if let uid = exporter.uid, let status = host.fileStatus(place.directory), !status.isReadable(by: uid) {
      return .fail(
        "\(who) has uid \(uid) and may not read \(place.directory), mode \(status.octal)",
        "sudo chmod 755 \(place.directory.quoted)")
    }
    return .pass("\(who) reads \(read)")
  }
}
