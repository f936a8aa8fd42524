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
/// No file is opened for it. Source of the formats: kubelet `pkg/kubelet/kuberuntime/helpers.go` and
/// `legacy.go` (reference §3.1). Whatever does not have the form of a Kubernetes name is passed over.
package struct LogNames: Sendable {
  private var directories: [String: Claim<PodName>] = [:]
  private var targets: [String: Claim<PodName>] = [:]
  private var containers: [String: Claim<LoggedContainer>] = [:]
  private var keyedNames: [String: Set<String>] = [:]
  private var truncatedNames: [String: Claim<String>] = [:]

  /// Indexes both directories, either of which may be empty because it is absent or unreadable.
  ///
  /// `podDirectories` are the names in `/var/log/pods` (`<namespace>_<pod>_<uid>`), `links` all links of
  /// `/var/log/containers`. The order of neither matters.
  package init(podDirectories: [[UInt8]], links: [SymbolicLink]) {
    for directory in podDirectories {
      guard let pod = LoggedPod(directory[...]) else { continue }
      directories[pod.uid, default: .one(pod.name)].add(pod.name)
    }
    for link in links {
      guard let target = LoggedContainer(target: link.target) else { continue }
      add(target, linkName: link.name)
    }
  }

  /// Namespace and name of the pod.
  ///
  /// `nil` where nothing here names it or two directories name it differently. The directories decide;
  /// the links' targets fill in only for a pod that has none.
  package func pod(uid: String) -> PodName? {
    (directories[uid] ?? targets[uid])?.value
  }

  /// The container's name.
  ///
  /// `nil` where no link has the ID, the link belongs to another pod, or the pod is ambiguous. Links with
  /// long names lost the ID (kubelet cuts them at 255 bytes): the only such container of the pod is taken.
  package func container(podUID: String, containerID: String) -> String? {
    if isAmbiguous(uid: podUID) { return nil }
    if let claim = containers[containerID] {
      return claim.value.flatMap { $0.pod.uid == podUID ? $0.container : nil }
    }
    guard let name = truncatedNames[podUID]?.value else { return nil }
    return keyedNames[podUID]?.contains(name) == true ? nil : name
  }

  /// Whether directories (or, without any, links) give the UID different names; none is given then.
  package func isAmbiguous(uid: String) -> Bool {
    (directories[uid] ?? targets[uid])?.isDisputed ?? false
  }

  private mutating func add(_ target: LoggedContainer, linkName: [UInt8]) {
    let uid = target.pod.uid
    let isForeign = directories[uid].map { $0.value != target.pod.name } ?? false
    if !isForeign { targets[uid, default: .one(target.pod.name)].add(target.pod.name) }
    if let id = containerID(ofLink: linkName) {
      containers[id, default: .one(target)].add(target)
      if isForeign { containers[id] = .disputed }
      keyedNames[uid, default: []].insert(target.container)
    } else if !isForeign {
      truncatedNames[uid, default: .one(target.container)].add(target.container)
    }
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

/// A pod's log directory, `<namespace>_<pod>_<uid>`.
private struct LoggedPod: Sendable, Equatable {
  var uid: String
  var name: PodName

  init?(_ directory: ArraySlice<UInt8>) {
    let fields = directory.fields(separatedBy: UInt8(ascii: "_"), maxSplits: 3)
    guard fields.count == 3, KubernetesNames.isLabel(fields[0]), KubernetesNames.isPodName(fields[1]),
      KubernetesNames.isPodUID(fields[2])
    else { return nil }
    uid = fields[2].text
    name = PodName(namespace: fields[0].text, name: fields[1].text)
  }
}

/// A container's log, `…/pods/<namespace>_<pod>_<uid>/<container>/<restarts>.log`.
private struct LoggedContainer: Sendable, Equatable {
  var pod: LoggedPod
  var container: String

  init?(target: [UInt8]) {
    let parts = Array(target.split(separator: UInt8(ascii: "/")).suffix(4))
    guard parts.count == 4, parts[0].equals("pods"), let pod = LoggedPod(parts[1]),
      KubernetesNames.isLabel(parts[2]), parts[3].ends(with: ".log"), parts[3].dropLast(4).decimal != nil
    else { return nil }
    self.pod = pod
    container = parts[2].text
  }
}

/// The ID in `<pod>_<namespace>_<container>-<64 hex>.log`; `nil` where it is not whole.
private func containerID(ofLink name: [UInt8]) -> String? {
  guard name.ends(with: ".log") else { return nil }
  let stem = name.dropLast(4)
  let id = stem.suffix(64)
  guard KubernetesNames.isContainerID(id), stem.dropLast(64).last == UInt8(ascii: "-") else { return nil }
  return id.text
}
