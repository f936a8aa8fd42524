/// Names of users of the node: passwd, then `getent`, else their number.
package struct UserDatabase {
  let host: Host
  let options: Options
  /// Of the whole collection, on the ``Host/now`` clock.
  let deadline: Nanoseconds

  package init(host: Host, options: Options, deadline: Nanoseconds) {
    self.host = host
    self.options = options
    self.deadline = deadline
  }

  /// A name, or the number as text, for each of the user IDs.
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

  /// What the node's name service knows (LDAP, SSSD): only where the node's root is ours, so is its libc.
  ///
  /// getent(1) exits with 2 if it lacks one of the keys, and prints the others all the same.
  private func fromDirectory(_ uids: Set<UInt32>) -> [UInt32: String] {
    guard !uids.isEmpty, options.nodePath("").isEmpty, let getent = locate() else { return [:] }
    let command = ChildCommand(
      executable: getent, arguments: ["passwd"] + uids.sorted().prefix(UserDatabase.askedAtOnce).map { "\($0)" },
      environment: ["LC_ALL": "C"], outputLimit: UserDatabase.fileLimit)
    let patience = host.now() + UserDatabase.patience
    guard let outcome = host.spawn([command], min(deadline, patience)).first, case .exited = outcome.end else {
      return [:]
    }
    return userNames(outcome.standardOutput, of: uids)
  }

  /// Absolute entries of `PATH` only, then `/usr/bin`.
  private func locate() -> String? {
    let path = Array((host.environment("PATH") ?? "").utf8)[...].fields(separatedBy: UInt8(ascii: ":"))
    let directories = path.filter { $0.first == UInt8(ascii: "/") }.map(\.text) + ["/usr/bin"]
    return directories.lazy.map { $0 + "/getent" }.first { host.isExecutable($0) }
  }

  private static let fileLimit = 16 << 20
  /// More would not be a node's users any more; the rest stay numbers.
  private static let askedAtOnce = 1000
  /// A directory server that is down must not cost the collection its whole time.
  private static let patience = 5 * Options.second
}
