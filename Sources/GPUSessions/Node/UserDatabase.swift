/// Names of the node's users, from `/etc/passwd` and then from getent(1).
package struct UserDatabase {
  let host: Host
  let options: Options
  /// When the whole collection must be done, on the ``Host/now`` clock.
  let deadline: Nanoseconds

  package init(host: Host, options: Options, deadline: Nanoseconds) {
    self.host = host
    self.options = options
    self.deadline = deadline
  }

  /// The name of each user ID, or the number as text if the name is not known.
  package func names(of uids: Set<UInt32>) -> [UInt32: String] {
    if uids.isEmpty { return [:] }
    var names = fromFile(uids)
    let missing = uids.filter { names[$0] == nil }
    names.merge(fromDirectory(missing)) { first, _ in first }
    for uid in uids where names[uid] == nil { names[uid] = "\(uid)" }
    return names
  }

  private func fromFile(_ uids: Set<UInt32>) -> [UInt32: String] {
    guard case .bytes(let bytes) = host.readFile(options.nodePath("/etc/passwd"), UserDatabase.fileLimit) else {
      return [:]
    }
    return userNames(bytes, of: uids)
  }

  /// What the node's name service knows (LDAP, SSSD).
  ///
  /// It is asked only if the node's root is this process's own root: another one has another name service. getent(1)
  /// exits with 2 if a key is missing, and prints the others all the same.
  private func fromDirectory(_ uids: Set<UInt32>) -> [UInt32: String] {
    guard !uids.isEmpty, options.nodePath("").isEmpty,
      let getent = findExecutable("getent", thenIn: ["/usr/bin"], host)
    else { return [:] }
    let command = ChildCommand(
      executable: getent, arguments: ["passwd"] + uids.sorted().prefix(UserDatabase.askedAtOnce).map { "\($0)" },
      environment: ["LC_ALL": "C"], outputLimit: UserDatabase.fileLimit)
    let patience = host.now() + UserDatabase.patience
    guard let outcome = host.spawn([command], min(deadline, patience)).first, case .exited = outcome.end else {
      return [:]
    }
    return userNames(outcome.standardOutput, of: uids)
  }

  private static let fileLimit = 16 << 20
  /// How many user IDs are asked for; the others stay numbers.
  private static let askedAtOnce = 1000
  /// How long getent may take: a directory server that is down must not use up the collection's time.
  private static let patience = 5 * Nanoseconds.perSecond
}
