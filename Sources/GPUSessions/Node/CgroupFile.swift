/// Who owns a process, from the whole content of its `/proc/<pid>/cgroup`.
///
/// Each line is `<hierarchy>:<controllers>:<path>`, and the path may hold further colons. The line
/// that tells most wins, the first of equals. Empty, foreign or damaged input gives an empty identity.
/// Source of the format: cgroups(7); of the choice: reference §2.
package func cgroupIdentity(_ file: [UInt8]) -> CgroupIdentity {
  // Version 2 alone.
  var rest = file.lines()
  if let only = rest.next(), rest.isAtEnd {
    return CgroupLine(only).map { CgroupPath($0.path).identity } ?? CgroupIdentity()
  }
  return identityOfLines(file)
}

private func identityOfLines(_ file: [UInt8]) -> CgroupIdentity {
  var best = CgroupIdentity()
  var bestRank: CgroupRank?
  var (bestPath, lastPath) = (ArraySlice<UInt8>(), ArraySlice<UInt8>())
  var podUID: PodUID?
  var isConflicting = false
  for line in file.lines() {
    guard let line = CgroupLine(line) else { continue }
    // Most lines of version 1 repeat a path; only where systemd keeps its units that adds something.
    if bestRank != nil, line.priority == 0, line.path == lastPath || line.path == bestPath { continue }
    lastPath = line.path
    let identity = CgroupPath(line.path).identity
    if let found = identity.podUID {
      isConflicting = isConflicting || (podUID.map { $0 != found } ?? false)
      podUID = found
    }
    let rank = CgroupRank(identity, hierarchy: line.priority)
    if let bestRank, !(bestRank < rank) { continue }
    (best, bestRank, bestPath) = (identity, rank, line.path)
  }
  return isConflicting ? withoutPod(best) : best
}

private func withoutPod(_ identity: CgroupIdentity) -> CgroupIdentity {
  var identity = identity
  identity.podUID = nil
  identity.containerID = nil
  identity.runtime = nil
  identity.qos = nil
  identity.isConflicting = true
  return identity
}

/// One line of the file, split at its first two colons only.
private struct CgroupLine {
  var path: ArraySlice<UInt8>
  /// Where systemd keeps its units: `name=systemd` 2, the unified hierarchy 1, controllers 0.
  var priority: Int

  init?(_ line: ArraySlice<UInt8>) {
    var fields = line.eachField(separatedBy: UInt8(ascii: ":"))
    guard let number = fields.next(), number.decimal != nil, let controllers = fields.next(), let path = fields.rest
    else { return nil }
    self.path = path
    if controllers.equals("name=systemd") {
      priority = 2
    } else {
      priority = number.equals("0") && controllers.isEmpty ? 1 : 0
    }
  }
}

/// How much a line tells: pod, container, batch job, machine, then detail and its hierarchy.
private struct CgroupRank: Comparable {
  private var weight: Int

  init(_ identity: CgroupIdentity, hierarchy: Int) {
    let hasMachine = identity.machine != nil || identity.lxc != nil || identity.role != nil
    let hasUnit = identity.unit != nil || identity.userUnit != nil || identity.session != nil
    let detail = hasUnit ? 2 : (identity.uid != nil ? 1 : 0)
    weight = identity.podUID != nil ? 1 : 0
    weight = weight * 2 + (identity.containerID != nil ? 1 : 0)
    weight = weight * 2 + (identity.hasBatchJob ? 1 : 0)
    weight = weight * 2 + (hasMachine ? 1 : 0)
    weight = weight * 3 + detail
    weight = weight * 3 + (detail > 0 ? hierarchy : 0)
  }

  static func < (left: CgroupRank, right: CgroupRank) -> Bool { left.weight < right.weight }
}
