/// The path of one line of `/proc/<pid>/cgroup`, cut into segments.
///
/// The kernel writes it relative to the reader's cgroup namespace, with a leading `..` for each level above its root
/// (cgroup_namespaces(7)). Leading `..` are dropped, and nothing is expected at a fixed depth.
struct CgroupPath {
  /// The segments without leading `..` and without empty ones, as far as the slot of an HTCondor job.
  let segments: [ArraySlice<UInt8>]
  /// How many segments at the start are systemd slices. The next segment may be a unit.
  let sliceCount: Int
  /// Index of the first segment below `user-<uid>.slice`, `user@<uid>.service`, or the `user/<name>` that pam_cgfs makes on
  /// cgroup version 1; the number of segments if there is none.
  ///
  /// That user may choose the names from there on: pods, jobs and machines found there are not believed.
  let delegatedIndex: Int

  /// Cuts a path, which may be any bytes.
  ///
  /// `root` is the cgroup of the container that the whole node runs in: paths below it begin there. It is empty for a
  /// node that is no container.
  init(_ path: ArraySlice<UInt8>, below root: [ArraySlice<UInt8>] = []) {
    // The kernel adds this when the cgroup has been removed while a zombie still belongs to it.
    let deleted = " (deleted)"
    let path = path.ends(with: deleted) ? path.dropLast(deleted.utf8.count) : path
    var segments: [ArraySlice<UInt8>] = []
    segments.reserveCapacity(8)
    let bytes = path.span
    var start = 0
    for end in 0...bytes.count where end == bytes.count || bytes[end] == UInt8(ascii: "/") {
      let segment = path[(path.startIndex + start)..<(path.startIndex + end)]
      let isLeadingParent = segments.isEmpty && segment.equals("..")
      if !segment.isEmpty, !isLeadingParent { segments.append(segment) }
      start = end + 1
    }
    if !root.isEmpty, segments.starts(with: root) { segments.removeFirst(root.count) }
    // HTCondor gives the slot's cgroup to the job's user, who may choose all names below it.
    if let slot = segments.firstIndex(where: { htcondorSlot($0) != nil }) { segments.removeSubrange((slot + 1)...) }
    self.segments = segments
    sliceCount = segments.firstIndex { !isSlice($0) } ?? segments.count
    let user = segments.firstIndex { userOfSlice($0) != nil || userOfManager($0) != nil }
    let isOfPAM = segments.first?.equals("user") ?? false
    delegatedIndex = isOfPAM ? min(2, segments.count) : user.map { $0 + 1 } ?? segments.count
  }

  /// Everything that the path says.
  var identity: CgroupIdentity {
    var identity = CgroupIdentity()
    let trusted = min(readContainer(into: &identity), delegatedIndex)
    readJobs(into: &identity, before: trusted)
    readJob(belowContainerOfPod: trusted, into: &identity)
    readMachine(into: &identity, before: trusted)
    readUnit(into: &identity)
    return identity
  }

  /// The segment at this index; empty if there is none.
  func segment(_ index: Int) -> ArraySlice<UInt8> {
    segments.indices.contains(index) ? segments[index] : []
  }
}

extension CgroupPath {
  /// The cgroup of the container or machine that this process lies in, from the top; empty if it lies in none.
  ///
  /// For process 1 of a node this is the container that the node itself runs in, as with kind on cgroup version 1.
  var outermostContainer: [ArraySlice<UInt8>] {
    segments.indices.first { container(at: $0) != nil || endOfMachine(at: $0) != nil }.map {
      Array(segments[..<(endOfMachine(at: $0) ?? $0 + 1)])
    } ?? []
  }
}

/// Whether the segment is a systemd slice.
func isSlice(_ segment: ArraySlice<UInt8>) -> Bool { segment.ends(with: ".slice") }

/// The user of `user@<uid>.service`; `nil` for every other segment.
func userOfManager(_ segment: ArraySlice<UInt8>) -> UInt32? {
  guard segment.starts(with: "user@"), segment.ends(with: ".service") else { return nil }
  return segment.dropFirst(5).dropLast(8).decimal.flatMap { UInt32(exactly: $0) }
}
