/// Finds the pod from which a process was started, by the cgroups of its ancestors. Each ancestor is read once in a run.
///
/// A container runtime that runs in a pod, such as Docker in Docker, can put the cgroups of its containers at the root of
/// the tree. Their processes descend from the runtime's, whose cgroup is the pod's. The kernel keeps the parents: a
/// process cannot choose its ancestors, only lose them.
struct AncestorCgroups: Sendable {
  /// An ancestor whose cgroup shows a pod.
  struct Ancestor: Sendable {
    var process: ProcessStat
    var identity: CgroupIdentity
  }

  private let node: ProcFS
  /// The value is `nil` for a process that could not be read.
  private var known: [Int32: Ancestor?] = [:]

  init(node: ProcFS) { self.node = node }

  /// The nearest ancestor in a pod; `nil` if there is none.
  mutating func pod(above process: ProcessStat) -> Ancestor? {
    var child = process
    for _ in 0..<AncestorCgroups.limit where child.parent > 1 {
      // A parent that started later is another process to which the PID was given.
      guard let ancestor = ancestor(child.parent), ancestor.process.startTicks <= child.startTicks else {
        return nil
      }
      if ancestor.identity.podUID != nil { return ancestor }
      child = ancestor.process
    }
    return nil
  }

  private mutating func ancestor(_ pid: Int32) -> Ancestor? {
    if let known = known[pid] { return known }
    let found = read(pid)
    known.updateValue(found, forKey: pid)  // A subscript would remove the key where nothing was found.
    return found
  }

  /// Reads one ancestor through one directory descriptor, so that all of it is of one process.
  private func read(_ pid: Int32) -> Ancestor? {
    var found: Ancestor?
    _ = node.openProcess(pid) { read in
      guard case .bytes(let bytes) = read("stat", ProcFS.statLimit), let stat = ProcessStat(bytes),
        case .bytes(let cgroup) = read("cgroup", ProcFS.cgroupLimit)
      else { return }
      found = Ancestor(process: stat, identity: cgroupIdentity(cgroup, in: node.nodeCgroup))
    }
    return found
  }

  private static let limit = 64
}
