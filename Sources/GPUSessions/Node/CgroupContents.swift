/// The content of a process's cgroup file, and what is known of all processes that have the same.
package final class CgroupContent {
  let file: [UInt8]
  let isContained: Bool
  private(set) var knowledge: Knowledge

  /// What the content means; once that depends on nothing else, whose the processes are, and no more than that.
  package enum Knowledge {
    indirect case identity(CgroupIdentity)
    case owner(SharedOwner)
  }

  package init(_ file: [UInt8]) {
    self.file = file
    let identity = cgroupIdentity(file)
    isContained = identity.isContained
    knowledge = .identity(identity)
  }

  /// Settles whose all processes with this content are.
  func settle(_ owner: SharedOwner) { knowledge = .owner(owner) }
}

/// The contents of cgroup files, each read once in a run: the processes of a container have the same.
struct CgroupContents {
  private var known: [UInt64: CgroupContent] = [:]

  mutating func content(_ file: [UInt8]) -> CgroupContent {
    let key = CgroupContents.key(file)
    let first = known[key]
    if let first, first.file[...].isSame(as: file[...]) { return first }
    let content = CgroupContent(file)
    // Of contents that share a key, be it on purpose, the first stays: the others are read anew each time.
    if first == nil { known[key] = content }
    return content
  }

  /// A number from the end of the file, where the containers' IDs stand.
  private static func key(_ file: [UInt8]) -> UInt64 {
    let end = file.span.extracting(last: 48)
    var key = UInt64(truncatingIfNeeded: file.count)
    var place = 0
    while place <= end.count - 8 {
      key = (key ^ end.eight(at: place)) &* 0x9E37_79B9_7F4A_7C15
      // The product's upper half is the one that depends on all of the word.
      key ^= key >> 32
      place += 8
    }
    return key
  }
}
