/// Names of containers outside of Kubernetes: Docker's files and podman's lists.
extension RuntimeMetadata {
  /// podman's own list of its containers, which also has those whose conmon has died.
  mutating func podman(_ id: String, _ storages: [String]) -> RuntimeRecord? {
    for storage in storages {
      let names = podmanNames[storage] ?? readPodmanNames(storage)
      podmanNames[storage] = names
      if let name = names[id] {
        var record = RuntimeRecord()
        record.plainName = name
        return record
      }
    }
    return nil
  }

  /// Reads the list of containers and that of containers made with `--rm` (containers/storage `containers.go`).
  private mutating func readPodmanNames(_ storage: String) -> [String: String] {
    var names: [String: String] = [:]
    for directory in directories(ofStorage: storage) {
      for list in ["containers.json", "volatile-containers.json"] {
        let file = node.host.readFile("\(directory)/\(list)", 16 << 20)
        names.merge(file.contents.flatMap(namesOfStorage) ?? [:]) { first, _ in first }
      }
    }
    return names
  }

  /// The directories of containers below a storage, `<driver>-containers`: `overlay-containers` nearly everywhere.
  mutating func directories(ofStorage storage: String) -> [String] {
    if let known = containerDirectories[storage] { return known }
    let root = options.nodePath(storage)
    var found: [String] = []
    switch node.host.listDirectory(root) {
    case .entries(let names):
      found = names.filter { $0.ends(with: "-containers") }.map { "\(root)/\($0.text)" }.sorted()
    case .failed: found = [root + "/overlay-containers"]
    case .absent: break
    }
    containerDirectories[storage] = found
    return found
  }

  /// Docker's file where its configuration in the usual place or Docker's default puts it.
  mutating func usualDocker(_ id: String) -> RuntimeRecord? {
    docker(id, roots.configured(.docker).map(\.path) + RuntimeKind.docker.usualRoots)
  }

  /// Docker's file below the data root that a running dockerd names.
  mutating func runningDocker(_ id: String) -> RuntimeRecord? { docker(id, roots.running(.docker).map(\.path)) }

  /// Looks below these data roots, then below the ones that Docker makes in them for user namespaces.
  mutating func docker(_ id: String, _ roots: [String]) -> RuntimeRecord? {
    for root in roots {
      if let found = docker(id, inRoot: root) { return found }
    }
    for root in roots {
      for remapped in remapped(root) {
        if let found = docker(id, inRoot: remapped) { return found }
      }
    }
    return nil
  }

  private mutating func docker(_ id: String, inRoot root: String) -> RuntimeRecord? {
    read(options.nodePath("\(root)/containers/\(id)/config.v2.json"), RuntimeRecord.init(dockerConfig:))
  }

  /// The directories `<uid>.<gid>` that Docker makes in its data root with `userns-remap` (moby `daemon/daemon_unix.go`).
  private mutating func remapped(_ root: String) -> [String] {
    if let known = remappedRoots[root] { return known }
    var found: [String] = []
    if case .entries(let names) = node.host.listDirectory(options.nodePath(root)) {
      let remapped = names.filter { name in
        let parts = name.fields(separatedBy: UInt8(ascii: "."))
        return parts.count == 2 && parts.allSatisfy { $0.decimal != nil }
      }
      found = remapped.map { "\(root)/\($0.text)" }.sorted()
    }
    remappedRoots[root] = found
    return found
  }
}
