/// The path of one line of `/proc/<pid>/cgroup`, cut into segments.
///
/// The kernel writes it relative to the reader's cgroup namespace, with a leading `..` for each level above its root
/// (cgroup_namespaces(7)). Leading `..` are dropped, and nothing is expected at a fixed depth.
struct CgroupPath {
  /// The segments without leading `..` and without empty ones.
  let segments: [ArraySlice<UInt8>]
  /// How many segments at the start are systemd slices. The next segment may be a unit.
  let sliceCount: Int
  /// Index of the first segment below `user@<uid>.service`, or the number of segments if there is none.
  ///
  /// That user chooses the names from there on: pods, jobs and machines found there are not believed.
  let delegatedIndex: Int

  /// Cuts a path, which may be any bytes.
  init(_ path: ArraySlice<UInt8>) {
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
    self.segments = segments
    sliceCount = segments.firstIndex { !isSlice($0) } ?? segments.count
    let manager = segments.firstIndex { userOfManager($0) != nil }
    delegatedIndex = manager.map { $0 + 1 } ?? segments.count
  }

  /// Everything that the path says.
  var identity: CgroupIdentity {
    var identity = CgroupIdentity()
    let end = readContainer(into: &identity)
    let trusted = min(end, delegatedIndex)
    readJobs(into: &identity, before: trusted)
    readMachine(into: &identity, before: trusted)
    readUnit(into: &identity)
    return identity
  }

  /// The segment at this index; empty if there is none.
  func segment(_ index: Int) -> ArraySlice<UInt8> {
    segments.indices.contains(index) ? segments[index] : []
  }
}

/// Whether the segment is a systemd slice.
func isSlice(_ segment: ArraySlice<UInt8>) -> Bool { segment.ends(with: ".slice") }

/// The user of `user@<uid>.service`; `nil` for every other segment.
func userOfManager(_ segment: ArraySlice<UInt8>) -> UInt32? {
  guard segment.starts(with: "user@"), segment.ends(with: ".service") else { return nil }
  return segment.dropFirst(5).dropLast(8).decimal.flatMap { UInt32(exactly: $0) }
}
