extension Session {
  /// Why the process is counted as defunct: what its state says; `nil` for every other state.
  package static func defunctReason(ofState state: UInt8) -> Defunct? {
    switch state {
    case UInt8(ascii: "Z"), UInt8(ascii: "X"), UInt8(ascii: "x"): .zombie
    case UInt8(ascii: "D"): .uninterruptible
    default: nil
    }
  }
}

extension Collector {
  /// Names the users of the sessions, each user ID once.
  mutating func nameUsers() {
    var uids: Set<UInt32> = []
    for index in snapshot.sessions.indices {
      if let uid = snapshot.sessions[index].sharedOwner.owner.uid { uids.insert(uid) }
    }
    if uids.isEmpty { return }
    let users = UserDatabase(host: host, options: options, deadline: begin + options.collectionTimeout)
    let names = users.names(of: uids)
    for index in snapshot.sessions.indices {
      guard let uid = snapshot.sessions[index].sharedOwner.owner.uid else { continue }
      snapshot.sessions[index].owner.user = names[uid]
    }
  }
}
