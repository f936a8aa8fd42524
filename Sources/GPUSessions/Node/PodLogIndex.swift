/// The name of a pod.
package struct PodName: Sendable, Equatable {
  package var namespace: String
  package var name: String

  package init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }
}

/// Names of pods and containers from what kubelet keeps in `/var/log/pods` and `/var/log/containers`.
///
/// No file is opened for it. The names of directories and links tell nearly all; a link is read only for a container that
/// is asked for, and only where its name does not agree with the pod's directory. Source of the formats: kubelet
/// `pkg/kubelet/kuberuntime/helpers.go` and `legacy.go` (reference §3.1). Whatever does not have the form of a Kubernetes
/// name is passed over.
package struct PodLogIndex: Sendable {
  private let podDirectories: [ArraySlice<UInt8>]
  /// Positions of those that end with a UID, by it; whether the rest is a pod's name is seen when one is asked for.
  private var directories: PositionTable
  /// Whether there is a pod's directory at all.
  private let hasDirectories: Bool
  /// What the directories say of the pod that was asked for last: several questions follow each other.
  private var last: (uid: PodUID, claim: Claim<PodName>?)?
  private var links: ContainerLinks
  /// What the links say of pods, where no directory names one; read at first use.
  private lazy var targets = podsOfLinks()
  /// The links whose names lost the ID; read at first use.
  private lazy var truncated = links.readAll(links.withoutID)

  /// Indexes the names in both directories, either of which may be empty because it is absent or unreadable.
  ///
  /// `podDirectories` are the names in `/var/log/pods` (`<namespace>_<pod>_<uid>`), `linkNames` those in
  /// `/var/log/containers`, and `target` reads one of these links. The order of neither matters.
  package init(
    podDirectories: [ArraySlice<UInt8>], linkNames: [ArraySlice<UInt8>],
    target: @escaping @Sendable (_ name: ArraySlice<UInt8>) -> FileRead
  ) {
    self.podDirectories = podDirectories
    links = ContainerLinks(names: linkNames, target: target)
    directories = PositionTable(count: podDirectories.count)
    hasDirectories = podDirectories.contains { PodLogDirectory($0) != nil }
    for position in podDirectories.indices {
      if let uid = PodLogDirectory.uid(podDirectories[position]) { directories.add(position, uid.key) }
    }
  }

  /// Names of nothing.
  package init() { self.init(podDirectories: [], linkNames: [], target: { _ in .absent }) }

  /// Whether one of the links that were asked for could not be read.
  package var hasUnreadableLink: Bool { links.hasUnreadable }

  /// Gives back the memory of what only the names of containers need; none is known from then on.
  package mutating func forgetContainers() {
    if hasDirectories { links.forget() }
  }

  /// Namespace and name of the pod.
  ///
  /// `nil` where nothing here names it or two directories name it differently. The links' targets name pods only where
  /// there is no pod's directory at all: the kubelet keeps them elsewhere then (`podLogsDir`).
  package mutating func pod(_ uid: PodUID) -> PodName? { claim(uid)?.value }

  /// Whether directories (or, without any, links) give the UID different names; none is given then.
  package mutating func isAmbiguous(_ uid: PodUID) -> Bool { claim(uid)?.isDisputed ?? false }

  /// The container's name.
  ///
  /// `nil` where no link has the ID, the link belongs to another pod, or the pod is ambiguous. Links with
  /// long names lost the ID (kubelet cuts them at 255 bytes): the only such container of the pod is taken.
  package mutating func container(podUID: PodUID, containerID: String) -> String? {
    if isAmbiguous(podUID) { return nil }
    if let name = onlyNamed(containerID, podUID) { return name }
    if let claim = linked(containerID, podUID) {
      return claim.value.flatMap { $0.pod.uid == podUID ? $0.container : nil }
    }
    return onlyTruncated(podUID: podUID)
  }

  private mutating func claim(_ uid: PodUID) -> Claim<PodName>? {
    hasDirectories ? claim(ofDirectories: uid) : targets[uid]
  }

  private mutating func claim(ofDirectories uid: PodUID) -> Claim<PodName>? {
    if let last, last.uid == uid { return last.claim }
    var claim: Claim<PodName>?
    directories.forEach(uid.key) { position in
      guard let pod = PodLogDirectory(podDirectories[position]), pod.uid == uid else { return }
      if claim == nil { claim = .one(pod.name) } else { claim?.add(pod.name) }
    }
    last = (uid, claim)
    return claim
  }

  private mutating func podsOfLinks() -> [PodUID: Claim<PodName>] {
    var pods: [PodUID: Claim<PodName>] = [:]
    for target in links.readAll(links.names.indices) ?? [] {
      pods[target.pod.uid, default: .one(target.pod.name)].add(target.pod.name)
    }
    return pods
  }

  /// What nearly all say: the only link with this ID, where its name agrees with the pod's only directory.
  private mutating func onlyNamed(_ containerID: String, _ podUID: PodUID) -> String? {
    guard let place = links.onlyPosition(containerID), let pod = claim(ofDirectories: podUID)?.value else {
      return nil
    }
    return links.containerName(place, of: pod)
  }

  /// What all links with this ID say; `nil` where there is none that says anything.
  private mutating func linked(_ containerID: String, _ podUID: PodUID) -> Claim<ContainerLogPath>? {
    let pod = claim(ofDirectories: podUID)?.value.map { PodLogDirectory(uid: podUID, name: $0) }
    var claim: Claim<ContainerLogPath>?
    for place in links.positions(containerID) {
      switch pod.flatMap({ links.named(place, of: $0) }) ?? links.read(place) {
      case .container(let target):
        claim = claim ?? .one(target)
        claim?.add(target)
        if isForeign(target) { claim = .disputed }
      case .nothing: break
      case .unreadable: return .disputed  // Another might be taken for it.
      }
    }
    return claim
  }

  /// The name of the pod's only container whose link lost its ID, unless a link with an ID has that name too.
  private mutating func onlyTruncated(podUID: PodUID) -> String? {
    guard let all = truncated else { return nil }
    var own: [ContainerLogPath] = []
    for target in all where target.pod.uid == podUID && !isForeign(target) { own.append(target) }
    guard let one = own.first, own.allSatisfy({ $0.container == one.container }) else { return nil }
    let isElsewhere = links.names.indices.contains { links.containerName($0, of: one.pod.name) == one.container }
    return isElsewhere ? nil : one.container
  }

  /// Whether the pod's directory gives the pod another name.
  private mutating func isForeign(_ target: ContainerLogPath) -> Bool {
    claim(ofDirectories: target.pod.uid).map { $0.value != target.pod.name } ?? false
  }
}

/// What one or several entries say of the same thing.
private enum Claim<Value: Sendable & Equatable>: Sendable {
  case one(Value)
  case disputed

  var value: Value? {
    if case .one(let value) = self { value } else { nil }
  }

  var isDisputed: Bool { value == nil }

  mutating func add(_ other: Value) {
    if case .one(let value) = self, value != other { self = .disputed }
  }
}
