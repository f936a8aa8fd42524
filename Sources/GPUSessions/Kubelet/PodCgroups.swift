/// The cgroups of the pods that are alive.
struct PodCgroups {
  var uids: Set<PodUID> = []
  /// The containers that lie in no pod's cgroup, where the whole tree was walked. They may be a pod's all the same.
  var containers: [CgroupIdentity] = []
  /// The names of containers in no pod's cgroup, by the pod that they were proved to be of.
  var runningElsewhere: [PodUID: Set<String>] = [:]
  /// Whether a pod that is not among these is gone.
  var showsAllPods = true
  /// The paths of the branches that a kubelet has made for its pods. Without one, that a pod is not found does not prove that
  /// it is gone.
  var branches: [String] = []
  /// The directories that were listed, with the names in them. Where a pod lies is looked for only if somebody asks.
  var directories: [(path: String, listing: [ArraySlice<UInt8>])] = []

  /// Whether nothing of Kubernetes was found but branches.
  var isEmpty: Bool { uids.isEmpty && containers.isEmpty }

  /// Adds what another hierarchy of the same cgroups shows.
  mutating func add(_ other: PodCgroups) {
    uids.formUnion(other.uids)
    let known = Set(containers.map(\.containerID))
    containers += other.containers.filter { !known.contains($0.containerID) }
    branches += other.branches
    directories += other.directories
  }

  /// The pod's containers that have a cgroup right below that of the pod.
  ///
  /// A pod may have several cgroups: a runtime that uses cgroupfs below a kubelet that uses systemd makes one for each
  /// container, named by pod and container (`<slice>:<prefix>:<container>`), and the kubelet's own is empty. What lies
  /// below a container is not looked at. A cgroup that cannot be listed shows no container.
  func containers(ofPod uid: PodUID, _ host: Host) -> [CgroupIdentity] {
    var found: [CgroupIdentity] = []
    for directory in directories {
      for name in directory.listing where CgroupPath.podUID(ofDirectory: name) == uid {
        let own = CgroupPath(name).identity
        if own.containerID != nil {
          found.append(own)
        } else if case .entries(let inner) = host.listDirectory(directory.path + "/" + name.text) {
          found += inner.map { CgroupPath(name + [UInt8(ascii: "/")] + $0).identity }
        }
      }
    }
    return found.filter { $0.containerID != nil }
  }
}
