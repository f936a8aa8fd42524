/// The content of a process's cgroup file, and what is known of all processes that have the same.
package final class CgroupContent {
  let file: [UInt8]
  let isContained: Bool
  private(set) var knowledge: Knowledge

  /// What the content means; once that depends on nothing else, whose the processes are, and no more than that.
  package indirect enum Knowledge {
    case identity(CgroupIdentity)
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
    var (first, second) = (UInt64(truncatingIfNeeded: file.count), UInt64(0))
    // Two numbers, neither of which waits for the other.
    let half = end.count / 2
    for place in 0..<half {
      first = mixed(first, end[place])
      second = mixed(second, end[half + place])
    }
    return mixed(first, 0) ^ second
  }

  private static func mixed(_ key: UInt64, _ byte: UInt8) -> UInt64 { (key ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
