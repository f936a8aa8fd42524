extension Check {
  /// Whether a run can take the lock of the published file.
  static func lock(_ context: CheckContext) -> Finding {
    guard let place = context.place else { return .skip(toStandardOutput) }
    if case .absent = context.host.listDirectory(place.directory) { return .skip(withoutDirectory) }
    let path = place.path(of: place.lock)
    switch context.host.lockState(context.options.output) {
    case .free: return .pass("\(place.lock): no process holds it")
    case .held(let holder?):
      return .fail(
        "\(holder.words) holds \(path): no run can publish",
        "see what it does: ps -fp \(holder.pid); if it does not end: sudo kill \(holder.pid)")
    case .held(nil):
      return .fail("another process holds \(path): no run can publish", "see which: sudo fuser -v \(path.quoted)")
    case .foreign:
      return .warn(
        "\(path) is not a lock file of this user: the next run replaces it",
        "let only one user publish, and run check as that user; see who owns the file: ls -l \(path.quoted)")
    case .unknown(let errno): return .skip("\(path) cannot be opened (\(errno.reason))")
    }
  }
}
