/// The name of a pod.
package struct PodName: Sendable, Equatable {
  package var namespace: String
  package var name: String

  package init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }
}

/// Names of pods and containers from what the kubelet keeps in `/var/log/pods` and `/var/log/containers`.
///
/// The names of directories and links say nearly everything. A link is read only if its name does not agree with the
/// pod's directory, and no file is opened. A pod that may write to `/var/log` can plant entries: whatever does not have
/// the form of a Kubernetes name is skipped, and of entries that contradict each other none is believed.
package struct PodLogIndex: Sendable {
  private let directories: [PodUID: Claim<PodName>]
  private var links: ContainerLinks
  /// The pods of containers whose links contradict each other or the pod's directory.
  package private(set) var disputes: Set<PodUID> = []
  /// The pods that the links name, needed only without any directory; made at first use.
  private lazy var podsOfLinks = readPodsOfLinks()
  /// The containers of links without a whole ID, by pod; made at first use.
  private lazy var containersWithoutID = readContainersWithoutID()

  /// Indexes the names in both directories, in any order; empty for a directory that is absent or unreadable.
  ///
  /// `podDirectories` are the names in `/var/log/pods`, `linkNames` those in `/var/log/containers`. `target` reads one
  /// of these links.
  package init(
    podDirectories: [ArraySlice<UInt8>], linkNames: [ArraySlice<UInt8>],
    target: @escaping @Sendable (_ name: ArraySlice<UInt8>) -> FileRead
  ) {
    links = ContainerLinks(names: linkNames, readLink: target)
    directories = claims(podDirectories.lazy.compactMap { PodLogDirectory($0) })
  }

  /// An index without names.
  package init() { self.init(podDirectories: [], linkNames: [], target: { _ in .absent }) }

  /// Whether a link that was needed could not be read.
  package var hasUnreadableLink: Bool { links.hasUnreadable }

  /// Namespace and name of the pod; `nil` if nothing names it or two entries name it differently.
  ///
  /// The targets of the links name pods only if there is no pod's directory at all, because the kubelet then keeps them
  /// elsewhere (`podLogsDir` of its configuration).
  package mutating func pod(_ uid: PodUID) -> PodName? { claim(uid)?.value }

  /// Whether two entries give the UID different names.
  package mutating func isAmbiguous(_ uid: PodUID) -> Bool { claim(uid).map { $0.value == nil } ?? false }

  /// The container's name.
  ///
  /// `nil` if no link has the ID, the link belongs to another pod, or the pod is ambiguous. If no link has the ID, the
  /// container may be one whose link lost it: the name is given if the pod has only one such container.
  package mutating func container(podUID: PodUID, containerID: String) -> String? {
    if isAmbiguous(podUID) { return nil }
    guard let claim = claim(ofID: containerID, podUID) else { return containerWithoutID(podUID) }
    guard let path = claim.value, path.directory.uid == podUID else {
      disputes.insert(podUID)
      return nil
    }
    return path.container
  }

  private mutating func claim(_ uid: PodUID) -> Claim<PodName>? {
    directories.isEmpty ? podsOfLinks[uid] : directories[uid]
  }

  /// What the links with this ID say; `nil` if no link says anything.
  private mutating func claim(ofID containerID: String, _ podUID: PodUID) -> Claim<ContainerLogPath>? {
    let directory = directories[podUID]?.value.map { PodLogDirectory(uid: podUID, pod: $0) }
    var claim: Claim<ContainerLogPath>?
    for target in links.targets(ofID: containerID, in: directory) {
      switch target {
      case .container(let path) where contradictsDirectory(path): claim = .disputed
      case .container(let path): claim = claim?.merged(with: path) ?? .agreed(path)
      case .other: break
      case .unreadable: return .disputed  // It may name the container, and another link would be believed instead.
      }
    }
    return claim
  }

  /// The name of the pod's only container whose link lost its ID, unless a link with an ID has that name too.
  private mutating func containerWithoutID(_ podUID: PodUID) -> String? {
    let paths = (containersWithoutID[podUID] ?? []).filter { !contradictsDirectory($0) }
    guard let path = paths.first, paths.allSatisfy({ $0.container == path.container }), !links.hasID(for: path)
    else { return nil }
    return path.container
  }

  /// Whether the pod's directory gives the pod another name than the link does.
  private func contradictsDirectory(_ path: ContainerLogPath) -> Bool {
    directories[path.directory.uid].map { $0.value != path.directory.pod } ?? false
  }

  private mutating func readPodsOfLinks() -> [PodUID: Claim<PodName>] {
    claims((links.all() ?? []).map(\.directory))
  }

  private mutating func readContainersWithoutID() -> [PodUID: [ContainerLogPath]] {
    Dictionary(grouping: links.allWithoutID() ?? [], by: \.directory.uid)
  }
}

/// The name that the directories give each pod.
private func claims(_ directories: some Sequence<PodLogDirectory>) -> [PodUID: Claim<PodName>] {
  var claims: [PodUID: Claim<PodName>] = [:]
  for directory in directories {
    if let earlier = claims.updateValue(.agreed(directory.pod), forKey: directory.uid) {
      claims[directory.uid] = earlier.merged(with: directory.pod)
    }
  }
  return claims
}

/// What one or several entries say about the same thing.
private enum Claim<Value: Sendable & Equatable>: Sendable {
  /// All entries say this.
  case agreed(Value)
  case disputed

  /// The value that all entries agree on; `nil` if they do not.
  var value: Value? {
    if case .agreed(let value) = self { value } else { nil }
  }

  func merged(with other: Value) -> Claim {
    value == other ? self : .disputed
  }
}
