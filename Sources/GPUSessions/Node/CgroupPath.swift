/// The path of one line of `/proc/<pid>/cgroup`, cut into segments.
///
/// It is relative to the reader's cgroup namespace, so nothing is anchored at its start: leading `..`
/// are counted and dropped (reference §1.1).
struct CgroupPath {
  /// Without the leading `..` and without empty ones.
  let segments: [ArraySlice<UInt8>]
  /// Number of leading `..`.
  let levelsUp: Int
  /// The kernel had added ` (deleted)`.
  let isDeleted: Bool
  /// How many of the segments at the start are systemd slices; the next one may be a unit.
  let sliceCount: Int
  /// Where the part begins that a user may shape at will (below `user@<uid>.service`); the number of
  /// segments if there is none. Pods, jobs and machines named
  /// there are not believed.
  let delegatedIndex: Int

  /// Cuts a path; any bytes will do.
  init(_ path: ArraySlice<UInt8>) {
    isDeleted = path.last == UInt8(ascii: ")") && path.ends(with: " (deleted)")
    let kept = isDeleted ? path.dropLast(10) : path
    var (segments, levelsUp): ([ArraySlice<UInt8>], Int) = ([], 0)
    segments.reserveCapacity(8)
    for segment in kept.eachField(separatedBy: UInt8(ascii: "/")) where !segment.isEmpty {
      if segments.isEmpty, segment.equals("..") { levelsUp += 1 } else { segments.append(segment) }
    }
    (self.segments, self.levelsUp) = (segments, levelsUp)
    sliceCount = segments.firstIndex { !isSlice($0) } ?? segments.count
    let manager = segments.firstIndex { userOfManager($0) != nil }
    delegatedIndex = manager.map { $0 + 1 } ?? segments.count
  }

  /// All that the path tells.
  var identity: CgroupIdentity {
    var identity = CgroupIdentity()
    identity.levelsUp = levelsUp
    identity.isDeleted = isDeleted
    let end = readContainer(into: &identity)
    let trusted = min(end, delegatedIndex)
    readJobs(into: &identity, before: trusted)
    readMachine(into: &identity, before: trusted)
    readUnit(into: &identity)
    return identity
  }

  /// The segment there; empty where there is none, which no name equals.
  func segment(_ index: Int) -> ArraySlice<UInt8> {
    segments.indices.contains(index) ? segments[index] : []
  }
}

/// Whether the name ends in `.slice`; asked so often that it is compared by hand.
func isSlice(_ segment: ArraySlice<UInt8>) -> Bool {
  let name = segment.span
  let start = name.count - 6
  return start >= 0 && name[start] == UInt8(ascii: ".") && name[start + 1] == UInt8(ascii: "s")
    && name[start + 2] == UInt8(ascii: "l") && name[start + 3] == UInt8(ascii: "i")
    && name[start + 4] == UInt8(ascii: "c") && name[start + 5] == UInt8(ascii: "e")
}

/// The user of a `user@<uid>.service`; `nil` for every other segment.
func userOfManager(_ segment: ArraySlice<UInt8>) -> UInt32? {
  guard segment.first == UInt8(ascii: "u"), segment.starts(with: "user@"), segment.ends(with: ".service") else {
    return nil
  }
  return segment.dropFirst(5).dropLast(8).decimal.flatMap { UInt32(exactly: $0) }
}
