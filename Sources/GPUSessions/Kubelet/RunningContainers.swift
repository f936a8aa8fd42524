/// Which containers of a pod run.
///
/// It is asked only about pods of which several containers were handed one device. That is so after an init container: the
/// kubelet hands its devices on to the next container, and keeps both entries as long as the pod lives (kubelet
/// `pkg/kubelet/cm/devicemanager/manager.go`, `devicesToReuse`).
struct RunningContainers {
  private let host: Host
  private let sessions: [Session]
  private let cgroups: PodCgroups
  private lazy var namesBySession = readNamesBySession()
  private var known: [PodUID: Set<String>] = [:]

  init(_ sessions: [Session], _ cgroups: PodCgroups, _ host: Host) {
    self.host = host
    self.sessions = sessions
    self.cgroups = cgroups
  }

  /// The names of the pod's containers that have a session or a cgroup. One that cannot be named is left out.
  mutating func names(inPod uid: PodUID, _ names: inout PodNameResolver) -> Set<String> {
    if let known = known[uid] { return known }
    var found = (namesBySession[uid] ?? []).union(cgroups.runningElsewhere[uid] ?? [])
    for container in cgroups.containers(ofPod: uid, host) {
      if let name = names.container(inPod: uid, container) { found.insert(name) }
    }
    known[uid] = found
    return found
  }

  private func readNamesBySession() -> [PodUID: Set<String>] {
    sessions.reduce(into: [:]) { names, session in
      guard let uid = session.owner.podUID, !session.owner.container.isEmpty else { return }
      names[uid, default: []].insert(session.owner.container)
    }
  }
}
