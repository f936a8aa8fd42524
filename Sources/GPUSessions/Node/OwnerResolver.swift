/// Names the owner of a process: from `/var/log`, and where that does not tell, from the runtime.
///
/// On any contradiction the names are left out and the UID stays; each such pod counts once.
struct OwnerResolver {
  private var runtimes: RuntimeMetadata
  /// UIDs of pods of which a process was left without the pod's name.
  private(set) var unnamed: Set<PodUID> = []
  /// UIDs of pods that two sources name differently.
  private(set) var disputed: Set<PodUID> = []
  /// What the runtimes told of pods that the logs do not name, by pod UID.
  private(set) var named: [PodUID: PodName] = [:]

  init(runtimes: RuntimeMetadata) {
    self.runtimes = runtimes
  }

  /// Sets pod, namespace and container of a process in a pod.
  mutating func name(
    _ owner: inout Owner, podUID uid: PodUID, _ identity: CgroupIdentity, of process: ProcessStat,
    names: inout PodNameResolver
  ) {
    let logged = names.askLogs { $0.pod(uid) }
    var pod = logged
    var container: String?
    if logged != nil, let id = identity.containerID {
      container = names.askLogs { $0.container(podUID: uid, containerID: id) }
    }
    var isDisputed = logged == nil && names.askLogs { $0.isAmbiguous(uid) }
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
    owner.pod = pod?.name ?? "pod-" + uid.text
    owner.namespace = pod?.namespace ?? ""
    owner.container = pod == nil ? "" : container ?? ""
    if pod == nil { unnamed.insert(uid) } else if logged == nil { named[uid] = pod }
  }

  /// Sets the container's name of a process outside of pods.
  mutating func nameOutsidePods(_ owner: inout Owner, _ identity: CgroupIdentity, of process: ProcessStat) {
    if case .plain(let name) = runtimes.names(for: identity, of: process) { owner.container = name }
  }
}
