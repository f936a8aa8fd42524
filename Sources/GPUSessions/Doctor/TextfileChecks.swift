extension Check {
  static func textfileDirectory(_ context: inout CheckContext) -> Finding {
    guard let place = context.place else { return .skip(toStandardOutput) }
    let directory = place.directory
    switch context.host.listDirectory(directory) {
    case .absent:
      if case .absent = context.host.readFile(directory, 0) {
        return .fail("\(directory) is not there", "sudo mkdir -p \(directory.quoted)")
      }
      return .fail("\(directory) is no directory", "name a file in a directory with --output FILE")
    case .failed(let errno): return .fail("\(directory) cannot be read (\(errno.reason))", asRoot)
    case .entries: break
    }
    if let errno = context.host.fileStatus(directory)?.writeFailure {
      return .fail(
        "\(directory) cannot be written (\(errno.reason))",
        errno == .readOnlyFileSystem ? "mount it writable, or name another file with --output FILE" : asRoot)
    }
    return lasting(directory, &context)
  }

  /// Whether what is written there is still there tomorrow.
  private static func lasting(_ directory: String, _ context: inout CheckContext) -> Finding {
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
        "\(directory) is on \(mount.type): in a container it goes with it, and nobody else sees it",
        "mount the node's directory, and name the file in it with --output FILE")
    default: return .pass("\(directory), writable, on \(mount.type)")
    }
  }

  static let withoutDirectory = "its directory is not there"
  static let toStandardOutput = "--output is standard output"

  static func leftovers(_ context: inout CheckContext) -> Finding {
    guard let place = context.place else { return .skip(toStandardOutput) }
    let listing = context.host.listDirectory(place.directory)
    guard case .entries(let entries) = listing else {
      return .skip(listing == .absent ? withoutDirectory : "\(place.directory) cannot be read")
    }
    let names = entries.map { $0.text }.sorted()
    let doubles = names.filter { isDouble($0, place, context.host) }
    if let first = doubles.first {
      return .fail(
        "\(shortList(doubles)): metrics of the same names, of which node_exporter drops one",
        "stop what writes it, then: sudo rm \(place.path(of: first).quoted)")
    }
    let torn = names.filter { $0.isPart(of: place) }
    if let first = torn.first {
      return first == place.temporary
        ? .warn("\(first): a run was killed, or is writing now", "the next run removes it: sudo gpu-sessions")
        : .warn("\(shortList(torn)): left by something else", "sudo rm \(place.path(of: first).quoted)")
    }
    return .pass("nothing beside \(place.name)")
  }

  /// Whether node_exporter reads families of ours from that file too.
  private static func isDouble(_ name: String, _ place: OutputPlace, _ host: Host) -> Bool {
    guard name != place.name, Array(name.utf8)[...].ends(with: ".prom"),
      case .bytes(let bytes) = host.readFile(place.path(of: name), TextfileState.limit)
    else { return false }
    return !ExpositionFile.families(in: bytes).isDisjoint(with: catalogue.map(\.name))
  }
}

extension String {
  /// Whether it is the published file under the name of an unfinished one.
  fileprivate func isPart(of place: OutputPlace) -> Bool {
    let bytes = Array(utf8)[...]
    return bytes.starts(with: ".\(place.name).") || bytes.starts(with: "\(place.name).")
  }
}
