/// Tells whether a directory that node_exporter names is the directory of `--output`.
///
/// node_exporter, this process or both may run in a container, where the node's directory has another path.
struct TextfileDirectoryMatcher {
  /// The paths that the directory has for this process and for the node.
  private var names: Set<String>
  /// The path with all symbolic links followed; `nil` if it is not known.
  private let resolved: String?
  /// The path in the file system that is mounted there, if only a part of it is: a bind mount or a volume.
  private var origin: String?
  private let options: Options
  /// The path on the node, as far as `--host-root` tells; ``perspective`` says whether that is all of it.
  let directory: String

  init(_ place: OutputPlace, _ context: CheckContext) {
    options = context.options
    resolved = resolvedPath(place.directory, context.host, options.proc)
    directory = withoutPrefix(normalizedPath(place.directory), options.hostRoot)
    names = [normalizedPath(place.directory)]
    if let resolved { names.insert(resolved) }
    for name in names { names.insert(withoutPrefix(name, options.hostRoot)) }
    if isOnNode(context) { return }
    guard let resolved, let mount = context.mounts?.mount(of: resolved), mount.root != "/" else { return }
    origin = mount.root + (remainder(of: resolved, after: mount.point) ?? "")
  }

  /// The flag with which node_exporter reads the directory.
  var flag: String { "--collector.textfile.directory=\(directory.quoted)" + perspective }

  /// What a sentence adds behind ``directory`` where only a part of the node's directories is mounted.
  var perspective: String { origin == nil ? "" : " (as the node names that directory)" }

  /// Whether the directory or pattern of a node_exporter matches. `rootfs` is its `--path.rootfs`.
  func matches(_ directory: String, rootfs: String?, _ host: Host) -> Bool {
    let theirs = normalizedPath(directory)
    let roots = [rootfs].compactMap(\.self) + TextfileDirectoryMatcher.usualRoots
    for form in [theirs] + roots.map({ withoutPrefix(theirs, $0) }) {
      if names.contains(where: { isMatch(form, $0) }) { return true }
      if let origin, form == origin || Array(form.utf8)[...].ends(with: origin) { return true }
      if let resolved, resolvedPath(options.nodePath(form), host, options.proc) == resolved { return true }
    }
    return false
  }

  /// Where charts and manuals mount the node's root for node_exporter.
  private static let usualRoots = ["/host/root", "/host", "/rootfs", "/hostfs"]
}

/// Whether this process has the mounts of the node's first process, so that a path is the same for both. There a
/// subvolume of btrfs looks like a bind mount too.
private func isOnNode(_ context: CheckContext) -> Bool {
  let (host, proc) = (context.host, context.options.proc)
  guard context.options.hostRoot == "/", ProcFS(host: host, root: proc).showsHostPIDs else { return false }
  guard let own = host.readLink(proc + "/self/ns/mnt").contents else { return false }
  return host.readLink(proc + "/1/ns/mnt").contents == own
}

/// Returns the path as it is below `prefix`; the whole path if it is not below.
private func withoutPrefix(_ path: String, _ prefix: String) -> String {
  let rest = remainder(of: path, after: prefix) ?? ""
  return rest.isEmpty ? path : rest
}

/// Returns what follows `prefix` in the path, from the slash on, empty if nothing does; `nil` if the path is not below.
private func remainder(of path: String, after prefix: String) -> String? {
  let root = normalizedPath(prefix)
  if path == root { return "" }
  if root == "/" { return path }
  let bytes = Array(path.utf8)[...]
  return bytes.starts(with: root + "/") ? bytes.dropFirst(root.utf8.count).text : nil
}

/// Whether a pattern with `*` and `?` matches the path, component by component. Newer node_exporters take patterns.
private func isMatch(_ pattern: String, _ path: String) -> Bool {
  let slash = UInt8(ascii: "/")
  let wanted = Array(pattern.utf8)[...].fields(separatedBy: slash)
  let given = Array(path.utf8)[...].fields(separatedBy: slash)
  return wanted.count == given.count && zip(wanted, given).allSatisfy { isMatch($0, $1) }
}

/// Whether a pattern with `*` and `?` matches one component of a path.
private func isMatch(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
  var (pattern, name) = (pattern, name)
  // The pattern after the last `*`, and the part of the name with which it was tried last. If the rest does not match,
  // that `*` takes one more byte. An earlier `*` is never tried again, so the steps are at most the product of the lengths.
  var last: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
  while !name.isEmpty || !pattern.isEmpty {
    if pattern.first == UInt8(ascii: "*") {
      pattern = pattern.dropFirst()
      last = (pattern, name)
    } else if let wanted = pattern.first, let given = name.first, wanted == given || wanted == UInt8(ascii: "?") {
      pattern = pattern.dropFirst()
      name = name.dropFirst()
    } else if let star = last, !star.name.isEmpty {
      last = (star.pattern, star.name.dropFirst())
      (pattern, name) = (star.pattern, star.name.dropFirst())
    } else {
      return false
    }
  }
  return true
}
