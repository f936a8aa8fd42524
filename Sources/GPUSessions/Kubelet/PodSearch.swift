/// Which pods are alive, as the node's cgroup tree shows it. No part of the tree is walked before somebody asks, and the usual
/// branches are walked once.
struct PodSearch {
  let tree: LivePods
  /// The pods of the usual branches; `nil` if the tree cannot be read.
  private(set) lazy var usual: PodCgroups? = tree.find()

  init(_ tree: LivePods) { self.tree = tree }

  /// Whether a pod has a cgroup in the usual branches.
  var hasPods: Bool {
    mutating get { usual?.uids.isEmpty == false }
  }

  /// The cgroups of the pods that hold something, except of those that are known to be alive already.
  ///
  /// The whole tree is walked only if the usual branches do not have every pod: such a pod is gone, or elsewhere.
  mutating func find(
    holding resolver: AllocationResolver, known: Set<PodUID>, _ names: inout PodNameResolver
  ) -> PodCgroups {
    guard let usual else { return PodCgroups(showsAllPods: false) }
    if resolver.isEveryPod(in: usual.uids.union(known)) { return usual }
    guard var found = tree.find(.everywhere) else {
      var usual = usual
      usual.showsAllPods = false
      return usual
    }
    found.addPodsOfContainers(&names)
    if !found.showsAllPods { found.showsAllPods = resolver.isEveryPod(in: found.uids.union(known)) }
    return found
  }
}

extension PodCgroups {
  /// Adds the pods of the containers that lie in no pod's cgroup.
  ///
  /// Without a kubelet's branch a container that nothing names may be any pod's, and a tree without a pod proves nothing.
  fileprivate mutating func addPodsOfContainers(_ names: inout PodNameResolver) {
    var hasDoubt = false
    for container in containers {
      if let pod = names.podOfContainer(container) {
        uids.insert(pod.uid)
        if let name = pod.container { runningElsewhere[pod.uid, default: []].insert(name) }
      } else if !names.isPlainContainer(container) {
        hasDoubt = true
      }
    }
    showsAllPods = !branches.isEmpty || !uids.isEmpty && !hasDoubt
  }
}
