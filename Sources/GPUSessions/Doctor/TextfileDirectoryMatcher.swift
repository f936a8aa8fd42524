/// Whether a directory that node_exporter names is the one that is published to.
///
/// Either of the two may stand in a container, and have the node's directory under another name.
struct TextfileDirectoryMatcher {
  /// Names under which this process, or the node, knows it.
  private var names: Set<String>
  /// All links followed; `nil` where that is not known.
  private let resolved: String?
  /// Below the root of the file system that is mounted there, where that is a part of one: a bind mount or a volume.
  private var origin: String?
  private let options: Options
  /// As the node names it, so far as `--host-root` tells.
  private let preferred: String

  init(_ place: OutputPlace, _ context: inout CheckContext) {
    options = context.options
    resolved = resolvedPath(place.directory, context.host, options.proc)
    preferred = withoutPrefix(normalizedPath(place.directory), options.hostRoot)
    names = [normalizedPath(place.directory)]
    if let resolved { names.insert(resolved) }
    for name in names { names.insert(withoutPrefix(name, options.hostRoot)) }
    guard let resolved, let mount = context.mounts?.mount(of: resolved), mount.root != "/" else { return }
    origin = mount.root + withoutPrefix(resolved, mount.point, isWhole: true)
  }

  /// What node_exporter has to be started with.
  var flag: String {
    "--collector.textfile.directory=\(preferred.quoted)"
      + (origin == nil ? "" : ", as the node names that directory")
  }

  /// `rootfs` is where node_exporter has the node's root, if it says so.
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

  /// Where charts and instructions mount the node's root for node_exporter.
  private static let usualRoots = ["/host/root", "/host", "/rootfs", "/hostfs"]
}

/// The path below `prefix`, itself where it is not below it; with `isWhole` without any slash where it is that very one.
private func withoutPrefix(_ path: String, _ prefix: String, isWhole: Bool = false) -> String {
  let root = normalizedPath(prefix)
  if root == "/" { return isWhole && path == "/" ? "" : path }
  if isWhole, path == root { return "" }
  let bytes = Array(path.utf8)[...]
  return bytes.starts(with: root + "/") ? bytes.dropFirst(root.utf8.count).text : path
}

/// Whether a pattern of `*` and `?` names the path; newer node_exporters take patterns.
private func isMatch(_ pattern: String, _ path: String) -> Bool {
  let slash = UInt8(ascii: "/")
  let wanted = Array(pattern.utf8)[...].fields(separatedBy: slash)
  let given = Array(path.utf8)[...].fields(separatedBy: slash)
  return wanted.count == given.count && zip(wanted, given).allSatisfy { isMatch($0, $1) }
}

private func isMatch(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
  var (pattern, name) = (pattern, name)
  // Where the last `*` stands, and what it has not taken yet: a `*` before it need not be tried again.
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
