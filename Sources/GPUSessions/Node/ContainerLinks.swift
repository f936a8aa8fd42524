/// The links in `/var/log/containers`, found by the container ID in their names.
///
/// The kubelet names them `<pod>_<namespace>_<container>-<64 hex digits>.log` and cuts names at 255 bytes, which takes
/// the ID away first (`pkg/kubelet/kuberuntime/legacy.go`). Each link is read at most once.
struct ContainerLinks: Sendable {
  private let names: [ArraySlice<UInt8>]
  private let readLink: @Sendable (_ name: ArraySlice<UInt8>) -> FileRead
  private var indicesByID: [String: [Int]] = [:]
  private var indicesWithoutID: [Int] = []
  private var targets: [Int: Target] = [:]
  /// Whether a link could not be read.
  private(set) var hasUnreadable = false
  /// The names of the links that have an ID, as far as the container's name; made at first use.
  private lazy var namesWithID = Set(indicesByID.values.joined().map { nameWithoutID(names[$0]) })

  /// What a link leads to.
  enum Target: Sendable {
    case container(ContainerLogPath)
    /// The link is gone, is no link, or does not lead to a container's log.
    case other
    case unreadable
  }

  init(names: [ArraySlice<UInt8>], readLink: @escaping @Sendable (_ name: ArraySlice<UInt8>) -> FileRead) {
    (self.names, self.readLink) = (names, readLink)
    indicesByID.reserveCapacity(names.count)
    for index in names.indices {
      if let id = containerID(ofLink: names[index]) {
        indicesByID[id.text, default: []].append(index)
      } else {
        indicesWithoutID.append(index)
      }
    }
  }

  /// What the links with this container ID lead to.
  ///
  /// A link whose name begins with the name of the pod's `directory` is not read: no container of another pod has that
  /// name and that ID.
  mutating func targets(ofID id: String, in directory: PodLogDirectory?) -> [Target] {
    var found: [Target] = []
    for index in indicesByID[id] ?? [] {
      let named = directory.flatMap { container(namedBy: index, in: $0) }
      found.append(named.map { .container($0) } ?? target(of: index))
    }
    return found
  }

  /// The containers that all links lead to; `nil` if a link cannot be read.
  mutating func all() -> [ContainerLogPath]? { containers(names.indices) }

  /// The containers that the links without a whole ID lead to; `nil` if one of these links cannot be read.
  mutating func allWithoutID() -> [ContainerLogPath]? { containers(indicesWithoutID) }

  /// Whether the name of a link that has an ID names this container.
  mutating func hasID(for path: ContainerLogPath) -> Bool {
    namesWithID.contains(Array((prefix(of: path.directory.pod) + path.container).utf8)[...])
  }

  /// The container that the name of a link with an ID says, if it is one of this pod.
  private func container(namedBy index: Int, in directory: PodLogDirectory) -> ContainerLogPath? {
    let name = nameWithoutID(names[index])
    let prefix = prefix(of: directory.pod)
    let container = name.dropFirst(prefix.utf8.count)
    guard name.starts(with: prefix), KubernetesNames.isLabel(container) else { return nil }
    return ContainerLogPath(directory: directory, container: container.text)
  }

  private mutating func containers(_ indices: some Sequence<Int>) -> [ContainerLogPath]? {
    var found: [ContainerLogPath] = []
    for index in indices {
      switch target(of: index) {
      case .container(let path): found.append(path)
      case .other: break
      case .unreadable: return nil
      }
    }
    return found
  }

  private mutating func target(of index: Int) -> Target {
    if let known = targets[index] { return known }
    let target: Target
    switch readLink(names[index]) {
    case .bytes(let bytes): target = ContainerLogPath(target: bytes).map { .container($0) } ?? .other
    case .absent: target = .other
    case .failed, .tooLong:
      hasUnreadable = true
      target = .unreadable
    }
    targets[index] = target
    return target
  }
}

/// What a link's name begins with for a container of this pod.
private func prefix(of pod: PodName) -> String { "\(pod.name)_\(pod.namespace)_" }

/// The ID in the name of a link; `nil` if it is missing or not whole.
private func containerID(ofLink name: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  let stem = name.dropLast(4)
  let id = stem.suffix(64)
  guard name.ends(with: ".log"), stem.dropLast(64).last == UInt8(ascii: "-"), KubernetesNames.isContainerID(id)
  else { return nil }
  return id
}

/// The name of a link that has an ID, without `-<64 hex digits>.log`.
private func nameWithoutID(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> { name.dropLast(69) }
