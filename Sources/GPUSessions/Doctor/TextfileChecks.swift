extension Check {
  /// Whether the directory of `--output` exists, can be written and survives a reboot.
  static func textfileDirectory(_ context: CheckContext) -> Finding {
    guard let place = context.place else { return .skip(toStandardOutput) }
    let directory = place.directory
    switch context.host.listDirectory(directory) {
    case .absent:
      // Listing a file fails as if there were nothing; reading it tells the two apart.
      if case .absent = context.host.readFile(directory, 0) {
        return .fail("\(directory) is not there", "sudo mkdir -p \(directory.quoted)")
      }
      return .fail("\(directory) is not a directory", "name a file in a directory with --output FILE")
    case .failed(let errno): return .fail("\(directory) cannot be read (\(errno.reason))", asRoot)
    case .entries: break
    }
    if let errno = context.host.fileStatus(directory)?.writeFailure {
      return .fail(
        "\(directory) cannot be written (\(errno.reason))",
        errno == .readOnlyFileSystem ? "mount it writable, or name another file with --output FILE" : asRoot)
    }
    return lasting(directory, context)
  }

  /// Whether files in the directory survive a reboot, or the end of a container.
  private static func lasting(_ directory: String, _ context: CheckContext) -> Finding {
    guard let path = resolvedPath(directory, context.host, context.options.proc),
      let mount = context.mounts?.mount(of: path)
    else { return .pass("\(directory), writable") }
    switch mount.type {
    case "tmpfs", "ramfs":
      return .warn(
        "\(directory) is on \(mount.type): the directory is gone after a reboot",
        "use a directory on a disk, or one that /etc/tmpfiles.d makes at each boot")
    case "overlay", "aufs":
      return .warn(
        "\(directory) is on \(mount.type): in a container nothing outside sees it, and it is lost with the container",
        "mount the node's directory, and name a file in it with --output FILE")
    default: return .pass("\(directory), writable, on \(mount.type)")
    }
  }

  /// Whether the directory holds files that disturb the published one: other files with the same metrics, and what killed
  /// runs and other programs have left.
  static func leftovers(_ context: CheckContext) -> Finding {
    guard let place = context.place else { return .skip(toStandardOutput) }
    let listing = context.host.listDirectory(place.directory)
    guard case .entries(let entries) = listing else {
      return .skip(listing == .absent ? withoutDirectory : "\(place.directory) cannot be read")
    }
    let names = entries.map { $0.text }.sorted()
    let rivals = names.filter { hasOurMetrics($0, place, context.host) }
    if let first = rivals.first {
      return .fail(
        "\(shortList(rivals)): metrics of the same names, and node_exporter drops duplicates",
        "stop what writes it, then: sudo rm \(place.path(of: first).quoted)")
    }
    let unfinished = names.filter { $0.isUnfinished(place) }
    if let first = unfinished.first {
      return first == place.temporary
        ? .warn("\(first): a run was killed, or is writing now", "the next run removes it: sudo gpu-sessions")
        : .warn("\(shortList(unfinished)): left by another program", "sudo rm \(place.path(of: first).quoted)")
    }
    return .pass("nothing beside \(place.name)")
  }

  /// Whether another file that node_exporter reads has metrics of this program.
  private static func hasOurMetrics(_ name: String, _ place: OutputPlace, _ host: Host) -> Bool {
    guard name != place.name, OutputPlace.isTextfile(name),
      case .bytes(let bytes) = host.readFile(place.path(of: name), TextfileState.limit)
    else { return false }
    return !ExpositionFile.families(in: bytes).isDisjoint(with: catalogue.map(\.name))
  }
}

extension String {
  /// Whether a file of this name is an unfinished version of the published file: `.NAME.…` or `NAME.…`.
  fileprivate func isUnfinished(_ place: OutputPlace) -> Bool {
    let bytes = Array(utf8)[...]
    // The lock file of a killed run harms nothing, and the check of the lock looks at it.
    if bytes.equals(place.lock) { return false }
    return bytes.starts(with: ".\(place.name).") || bytes.starts(with: "\(place.name).")
  }
}
