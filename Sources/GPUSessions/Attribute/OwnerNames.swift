/// Names the owner of a process: from `/var/log`, and where that does not tell, from the runtime.
///
/// On any contradiction the names are left out and the UID stays; each such pod counts once.
struct OwnerNames {
  private var runtimes: RuntimeNames
  /// UIDs of pods of which a process was left without the pod's name.
  private(set) var unnamed: Set<String> = []
  /// UIDs of pods that two sources name differently.
  private(set) var disputed: Set<String> = []
  /// What the runtimes told, by pod UID.
  private(set) var named: [String: PodName] = [:]
  /// Containers that have a name, by their IDs: all processes of one have the same.
  private var containers: [String: Named] = [:]

  private struct Named {
    var identity: CgroupIdentity
    var pod: PodName
    var container: String
  }

  init(runtimes: RuntimeNames) {
    self.runtimes = runtimes
  }

  /// Sets pod, namespace and container of a process in a pod.
  mutating func name(
    _ owner: inout Owner, podUID uid: String, _ identity: CgroupIdentity, of process: ProcessStat,
    names: inout PodNames
  ) {
    if let id = identity.containerID, let known = containers[id], known.identity.hasNames(of: identity) {
      (owner.pod, owner.namespace, owner.container) = (known.pod.name, known.pod.namespace, known.container)
      return
    }
    find(&owner, podUID: uid, identity, of: process, names: &names)
  }

  private mutating func find(
    _ owner: inout Owner, podUID uid: String, _ identity: CgroupIdentity, of process: ProcessStat,
    names: inout PodNames
  ) {
    let logged = names.askLogs { $0.pod(uid: uid) }
    var pod = logged
    var container: String?
    if logged != nil {
      container = identity.containerID.flatMap { id in names.askLogs { $0.container(podUID: uid, containerID: id) } }
    }
    var isDisputed = names.askLogs { $0.isAmbiguous(uid: uid) }
    if container == nil, !isDisputed {
      switch runtimes.names(for: identity, of: process) {
      case .pod(let name, let inner):
        isDisputed = logged.map { $0 != name } ?? false
        (pod, container) = (name, inner)
      case .conflict: isDisputed = true
      case .plain, .unknown: break
      }
    }
    if isDisputed {
      disputed.insert(uid)
      pod = nil
    }
    owner.pod = pod?.name ?? "pod-" + uid
    owner.namespace = pod?.namespace ?? ""
    owner.container = pod == nil ? "" : container ?? ""
    if let pod { named[uid] = pod } else { unnamed.insert(uid) }
    if let pod, let container, let id = identity.containerID {
      containers[id] = Named(identity: identity, pod: pod, container: container)
    }
  }

  /// Sets the container's name of a process outside of pods.
  mutating func nameOutsidePods(_ owner: inout Owner, _ identity: CgroupIdentity, of process: ProcessStat) {
    if case .plain(let name) = runtimes.names(for: identity, of: process) { owner.container = name }
  }
}

extension CgroupIdentity {
  /// Whether the names of one are those of the other: all that they are looked up by is the same.
  fileprivate func hasNames(of other: CgroupIdentity) -> Bool {
    podUID == other.podUID && containerID == other.containerID && runtime == other.runtime
      && isRootless == other.isRootless
  }
}
