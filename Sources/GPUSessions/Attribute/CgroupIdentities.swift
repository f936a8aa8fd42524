/// What cgroup files say, each content read once in a run: the processes of a container have the same.
struct CgroupIdentities {
  private var known: [UInt64: Known] = [:]

  private struct Known {
    var file: [UInt8]
    var identity: CgroupIdentity
  }

  /// The same as ``cgroupIdentity(_:)``.
  mutating func identity(_ file: [UInt8]) -> CgroupIdentity {
    let key = CgroupIdentities.key(file)
    if let known = known[key], known.file == file { return known.identity }
    let identity = cgroupIdentity(file)
    // A copy holds no more than the bytes there are. Of contents that share a key, be it on purpose, the first stays: the others are read anew each time.
    if known[key] == nil { known[key] = Known(file: Array(file[...]), identity: identity) }
    return identity
  }

  /// A number from the end of the file, where the containers' IDs stand.
  private static func key(_ file: [UInt8]) -> UInt64 {
    let end = file.suffix(48)
    let bytes = end.span
    var key = UInt64(truncatingIfNeeded: file.count)
    for place in bytes.indices { key = (key ^ UInt64(bytes[place])) &* 0x100_0000_01B3 }
    return key
  }
}
