/// Finds the pod from which a process was started, by the cgroups of its ancestors.
///
/// A container runtime that runs in a pod, such as Docker in Docker, can put the cgroups of its containers at the root of
/// the tree. Their processes descend from the runtime's, whose cgroup is the pod's. The kernel keeps the parents: a
/// process cannot choose its ancestors, only lose them.
struct AncestorCgroups: Sendable {
  private var ancestors: Ancestors<CgroupIdentity?>

  init(node: ProcFS) {
    ancestors = Ancestors(node: node) { _, file in
      file("cgroup", ProcFS.cgroupLimit).contents.map { cgroupIdentity($0, in: node.nodeCgroup) }
    }
  }

  /// The nearest ancestor in a pod; `nil` if there is none.
  mutating func pod(above process: ProcessStat) -> (process: ProcessStat, identity: CgroupIdentity)? {
    ancestors.first(above: process) { ancestor, identity in
      identity?.podUID == nil ? nil : identity.map { (ancestor, $0) }
    }
  }
}
