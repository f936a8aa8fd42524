/// Where the container runtimes of the node keep their files.
///
/// Beside the usual places these are the directories that configuration files name and those on the command lines of
/// running daemons. Only what root wrote is read.
struct RuntimeRoots: Sendable {
  /// A directory, and what told it.
  struct Root: Sendable, Equatable {
    /// The path on the node, absolute and without `..`.
    var path: String
    /// A configuration file or a command line, for a person.
    var origin: String
  }

  private let node: ProcFS
  private let options: Options
  private var daemons: RuntimeDaemons
  private var configured: [RuntimeKind: [Root]] = [:]
  private var running: [RuntimeKind: [Root]] = [:]

  init(node: ProcFS, options: Options, onGPUs: [Int32] = []) {
    self.node = node
    self.options = options
    daemons = RuntimeDaemons(node: node, onGPUs: onGPUs)
  }

  /// The directories that the configuration file in its usual place names.
  mutating func configured(_ kind: RuntimeKind) -> [Root] {
    if let known = configured[kind] { return known }
    let roots = (kind.configurationFiles + files(in: kind.configurationDirectory)).flatMap {
      self.roots(kind, inFile: $0)
    }
    configured[kind] = roots
    return roots
  }

  /// The directories that running daemons name on their command lines, or in the configuration file that is named there.
  mutating func running(_ kind: RuntimeKind) -> [Root] {
    if let known = running[kind] { return known }
    var roots: [Root] = []
    for daemon in kind.daemons.flatMap({ daemons.daemons(named: $0) }) {
      let origin = "the command line of \(daemon.name) (PID \(daemon.pid))"
      roots += optionPaths(kind.rootOptions, in: daemon.arguments).map { Root(path: $0, origin: origin) }
      for file in optionPaths(kind.configurationOptions, in: daemon.arguments) {
        roots += self.roots(kind, inFile: file)
      }
    }
    running[kind] = roots
    return roots
  }

  private func roots(_ kind: RuntimeKind, inFile path: String) -> [Root] {
    guard let bytes = node.host.readFile(options.nodePath(path), RuntimeRoots.fileLimit).contents else { return [] }
    return kind.roots(inConfiguration: bytes).compactMap(absolutePath).map { Root(path: $0, origin: path) }
  }

  /// The paths of the `.conf` files in a directory for parts of a configuration, sorted.
  private func files(in directory: String?) -> [String] {
    guard let directory, case .entries(let names) = node.host.listDirectory(options.nodePath(directory)) else {
      return []
    }
    return names.filter { $0.ends(with: ".conf") }.map { "\(directory)/\($0.text)" }.sorted()
  }

  private static let fileLimit = 1 << 20
}

/// What the runtimes that keep their files alike have in common.
enum RuntimeKind: Sendable, CaseIterable {
  /// Docker's data root, which has `containers/<id>/config.v2.json`.
  case docker
  /// containerd's state directory, which has the bundles.
  case containerd
  /// The storage of CRI-O and podman, which has `overlay-containers`.
  case storage

  /// The usual places: of containerd those of containerd itself, of k3s and rke2, of microk8s and of k0s.
  var usualRoots: [String] {
    switch self {
    case .docker: ["/var/lib/docker", "/var/snap/docker/common/var-lib-docker"]
    case .containerd:
      [
        "/run/containerd", "/run/k3s/containerd", "/var/snap/microk8s/common/run/containerd",
        "/run/k0s/containerd",
      ]
    case .storage: ["/var/lib/containers/storage", "/run/containers/storage"]
    }
  }

  fileprivate var daemons: [String] {
    switch self {
    case .docker: ["dockerd", "dockerd-current"]
    case .containerd: ["containerd"]
    case .storage: ["crio"]
    }
  }

  fileprivate var rootOptions: [String] {
    switch self {
    case .docker: ["--data-root", "--graph", "-g"]
    case .containerd: ["--state"]
    case .storage: ["--root", "--runroot", "-r"]
    }
  }

  fileprivate var configurationOptions: [String] {
    switch self {
    case .docker: ["--config-file"]
    case .containerd, .storage: ["--config", "-c"]
    }
  }

  fileprivate var configurationFiles: [String] {
    switch self {
    case .docker: ["/etc/docker/daemon.json", "/var/snap/docker/current/config/daemon.json"]
    case .containerd: ["/etc/containerd/config.toml"]
    case .storage: ["/etc/containers/storage.conf", "/usr/share/containers/storage.conf", "/etc/crio/crio.conf"]
    }
  }

  fileprivate var configurationDirectory: String? {
    switch self {
    case .docker, .containerd: nil
    case .storage: "/etc/crio/crio.conf.d"
    }
  }

  /// The directories in a configuration: Docker's `daemon.json` (dockerd(8)), or the TOML of containerd-config.toml(5),
  /// crio.conf(5) and containers-storage.conf(5).
  fileprivate func roots(inConfiguration bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    switch self {
    case .docker:
      let root = readJSON(bytes) { file throws(JSONMismatch) in
        let root = try file.text("data-root")
        return try root == nil ? file.text("graph") : root
      }
      return root.map { [Array($0.utf8)[...]] } ?? []
    case .containerd: return tomlTexts(["state"], in: bytes)
    case .storage: return tomlTexts(["graphroot", "runroot", "root"], in: bytes)
    }
  }
}

/// The texts under these keys, in whatever table of the TOML document they stand.
private func tomlTexts(_ keys: [String], in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
  bytes.lines().compactMap { line in
    let parts = line.fields(separatedBy: UInt8(ascii: "="), maxSplits: 1)
    guard parts.count == 2, keys.contains(where: { parts[0].trimmed.equals($0) }),
      let quote = parts[1].trimmed.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    else { return nil }
    let rest = parts[1].trimmed.dropFirst()
    return rest.position(of: quote).map { rest[..<$0] }
  }
}

/// The path without a `/` at its end; `nil` unless it is absolute, of UTF-8 without controls, and without `.` and `..`.
func absolutePath(_ path: ArraySlice<UInt8>) -> String? {
  guard path.count <= 512, path.first == UInt8(ascii: "/"), path.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
    (try? UTF8Span(validating: path.span)) != nil
  else { return nil }
  let parts = path.split(separator: UInt8(ascii: "/"))
  if parts.isEmpty || parts.contains(where: { $0.equals("..") || $0.equals(".") }) { return nil }
  return parts.map { "/" + $0.text }.joined()
}
