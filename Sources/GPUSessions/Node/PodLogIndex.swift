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
  private let directories: [PodUID: PodClaim]
  private var links: ContainerLinks
  /// The pods of containers whose links contradict each other or the pod's directory.
  package private(set) var disputes: Set<PodUID> = []
  /// The pods that the links name whose log directory is elsewhere; made when a pod without a directory is asked for.
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
    var directories: [PodUID: PodClaim] = [:]
    directories.reserveCapacity(podDirectories.count)
    for name in podDirectories {
      if let directory = PodLogDirectory(name) { directories.add(directory) }
    }
    self.directories = directories
  }

  /// An index without names.
  package init() { self.init(podDirectories: [], linkNames: [], target: { _ in .absent }) }

  /// Whether a link that was needed could not be read.
  package var hasUnreadableLink: Bool { links.hasUnreadable }

  /// Namespace and name of the pod; `nil` if nothing names it or two entries name it differently.
  ///
  /// The targets of the links name a pod without a directory: the kubelet may keep its logs elsewhere (`podLogsDir` of its
  /// configuration), and directories of pods of an earlier configuration may be left. The link of the container is asked
  /// first, if its ID is given.
  package mutating func pod(_ uid: PodUID, containerID: String? = nil) -> PodName? {
    if directories[uid] == nil, let containerID, let path = container(ofID: containerID), path.directory.uid == uid
    {
      return path.directory.pod
    }
    return claim(uid)?.name
  }

  /// Whether two entries give the UID different names.
  package mutating func isAmbiguous(_ uid: PodUID) -> Bool { claim(uid).map { $0.name == nil } ?? false }

  /// The container's name.
  ///
  /// `nil` if no link has the ID, the link belongs to another pod, or the pod is ambiguous. If no link has the ID, the
  /// container may be one whose link lost it: the name is given if the pod has only one such container.
  package mutating func container(podUID: PodUID, containerID: String) -> String? {
    container(podUID, containerID) { $0.containerWithoutID(podUID) }
  }

  /// The container's name, if a link has its whole ID; `nil` as above.
  package mutating func container(podUID: PodUID, linkedAs containerID: String) -> String? {
    container(podUID, containerID) { _ in nil }
  }

  private mutating func container(
    _ podUID: PodUID, _ containerID: String, orElse unlinked: (inout PodLogIndex) -> String?
  ) -> String? {
    if isAmbiguous(podUID) { return nil }
    let directory = directories[podUID]?.name.map { PodLogDirectory(uid: podUID, pod: $0) }
    var found: ContainerLogPath?
    for target in links.targets(ofID: containerID, in: directory) {
      switch target {
      case .container(let path):
        if contradictsDirectory(path) || found.map({ $0 != path }) ?? false { return disputed(podUID) }
        found = path
      case .other: break
      case .unreadable: return nil  // It may name the container, and another link would be believed instead.
      }
    }
    guard let found else { return unlinked(&self) }
    return found.directory.uid == podUID ? found.container : disputed(podUID)
  }

  /// The container to which the links with this ID lead; `nil` if there is none or they contradict each other.
  mutating func container(ofID id: String) -> ContainerLogPath? {
    var paths: [ContainerLogPath] = []
    for target in links.targets(ofID: id, in: nil) {
      guard case .container(let path) = target else { return nil }
      paths.append(path)
    }
    if let first = paths.first, paths.allSatisfy({ $0 == first && !contradictsDirectory($0) }) { return first }
    disputes.formUnion(paths.map(\.directory.uid))
    return nil
  }

  /// Notes that the links of one of the pod's containers contradict each other, and returns no name.
  private mutating func disputed(_ podUID: PodUID) -> String? {
    disputes.insert(podUID)
    return nil
  }

  private mutating func claim(_ uid: PodUID) -> PodClaim? {
    directories[uid] ?? podsOfLinks[uid]
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
    directories[path.directory.uid].map { $0.name != path.directory.pod } ?? false
  }

  private mutating func readPodsOfLinks() -> [PodUID: PodClaim] {
    var pods: [PodUID: PodClaim] = [:]
    guard directories.isEmpty || links.leadElsewhere() else { return pods }
    for path in links.all() ?? [] { pods.add(path.directory) }
    return pods
  }

  private mutating func readContainersWithoutID() -> [PodUID: [ContainerLogPath]] {
    Dictionary(grouping: links.allWithoutID() ?? [], by: \.directory.uid)
  }
}

extension [PodUID: PodClaim] {
  /// Adds the name that this directory gives its pod.
  fileprivate mutating func add(_ directory: PodLogDirectory) {
    if let earlier = updateValue(.agreed(directory.pod), forKey: directory.uid), earlier.name != directory.pod {
      self[directory.uid] = .disputed
    }
  }
}

/// What one or several entries say about a pod's name.
private enum PodClaim: Sendable {
  /// All entries say this.
  case agreed(PodName)
  case disputed

  /// The name that all entries agree on; `nil` if they do not.
  var name: PodName? {
    if case .agreed(let name) = self { name } else { nil }
  }
}
