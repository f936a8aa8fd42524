/// Returns who owns a process, from the whole content of its `/proc/<pid>/cgroup`.
///
/// Each line is `<hierarchy>:<controllers>:<path>`, and the path may contain further colons (cgroups(7)). With cgroup
/// version 1 there is a line for each hierarchy, and a container runtime need not use all of them: the line that says
/// most is used, the first of several equal ones. Lines that name different pods give no pod and no container.
/// Empty, foreign or damaged input gives an empty identity. `roots` is the container that the whole node runs in.
package func cgroupIdentity(_ file: [UInt8], in roots: NodeCgroup = NodeCgroup()) -> CgroupIdentity {
  var best = CgroupIdentity()
  var bestRank: CgroupRank?
  var podUID: PodUID?
  var isConflicting = false
  for line in file.lines() {
    guard let line = CgroupLine(line) else { continue }
    let identity = CgroupPath(line.path, below: roots[line.path]).identity
    if let found = identity.podUID ?? identity.inner?.podUID {
      if let podUID, podUID != found { isConflicting = true }
      podUID = found
    }
    let rank = rank(of: identity, hierarchy: line.hierarchyRank)
    if let bestRank, bestRank >= rank { continue }
    best = identity
    bestRank = rank
  }
  if isConflicting {
    (best.podUID, best.containerID, best.runtime, best.inner) = (nil, nil, nil, nil)
    best.isConflicting = true
  }
  return best
}

/// The cgroups of the container that the whole node runs in; none for a node that is no container.
///
/// Process 1 of a node lies in the node's own container, and in no container of a workload. On cgroup version 2 such a node
/// has a namespace of its own, and its paths begin below that container.
package struct NodeCgroup: Sendable {
  private var roots: [[ArraySlice<UInt8>]] = []

  package init() {}

  /// Reads the content of `/proc/1/cgroup`.
  package init(_ file: [UInt8]) {
    for line in file.lines() {
      guard let line = CgroupLine(line) else { continue }
      let root = CgroupPath(line.path).outermostContainer
      if !root.isEmpty, !roots.contains(root) { roots.append(root) }
    }
  }

  /// The root that the path lies below; empty if it lies below none.
  fileprivate subscript(path: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    if roots.isEmpty { return [] }
    let segments = CgroupPath(path).segments
    return roots.first { segments.starts(with: $0) } ?? []
  }
}

/// One line of the file.
private struct CgroupLine {
  var path: ArraySlice<UInt8>
  /// How reliably the hierarchy shows systemd units: `name=systemd` 2, the unified hierarchy 1, controllers 0.
  var hierarchyRank: Int

  init?(_ line: ArraySlice<UInt8>) {
    guard let first = line.position(of: UInt8(ascii: ":")),
      let second = line[(first + 1)...].position(of: UInt8(ascii: ":"))
    else { return nil }
    let (hierarchy, controllers) = (line[..<first], line[(first + 1)..<second])
    guard hierarchy.decimal != nil else { return nil }
    path = line[(second + 1)...]
    if controllers.equals("name=systemd") {
      hierarchyRank = 2
    } else {
      hierarchyRank = controllers.isEmpty && hierarchy.equals("0") ? 1 : 0
    }
  }
}

/// How much a line says, the most important part first: pod, container, batch job, machine, unit, hierarchy.
private typealias CgroupRank = (Int, Int, Int, Int, Int, Int)

private func rank(of identity: CgroupIdentity, hierarchy: Int) -> CgroupRank {
  let hasMachine = identity.machine != nil || identity.lxc != nil || identity.role != nil
  let hasUnit = identity.unit != nil || identity.userUnit != nil || identity.session != nil
  let detail = hasUnit ? 2 : (identity.uid != nil ? 1 : 0)
  return (
    identity.podUID != nil || identity.inner != nil ? 1 : 0, identity.containerID != nil ? 1 : 0,
    identity.hasBatchJob ? 1 : 0,
    hasMachine ? 1 : 0, detail, detail > 0 ? hierarchy : 0
  )
}
