/// The cgroups of the pods that are alive.
struct PodCgroups {
  var uids: Set<PodUID> = []
  /// The directories that were listed, with the names in them. Where a pod lies is looked for only if somebody asks.
  var directories: [(path: String, listing: [ArraySlice<UInt8>])] = []

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
