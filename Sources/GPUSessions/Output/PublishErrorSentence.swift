extension PublishError {
  /// One sentence: the output that could not be `done` (`written`, `removed`), the reason, and a remedy if there is one.
  func sentence(output: String, _ done: String = "written") -> String {
    let reason = errno.reason
    return switch step {
    case .openDirectory: "\(output) cannot be \(done): directory \(path): \(reason)" + advice
    case .lock where errno == 0:
      "\(output) cannot be \(done): \(holder?.words ?? "another process") has held the lock \(path) for 5 s"
        + advice
    case .lock: "\(output) cannot be \(done): \(path) cannot be locked: \(reason)"
    case .replaceLock:
      "\(output) cannot be \(done): \(path) is not a lock file of this user, and cannot be removed: \(reason)"
        + advice
    case .keepLock: "\(output) cannot be \(done): \(path) was removed or replaced by another process meanwhile"
    case .examine, .clear, .create, .write, .sync, .rename: "\(output) cannot be \(done): \(reason)" + advice
    }
  }

  /// A remedy in parentheses, to follow the sentence; empty if none is known.
  private var advice: String {
    switch (step, errno) {
    case (.openDirectory, .noSuchFileOrDirectory): " (try: sudo mkdir -p \(path))"
    case (.lock, 0):
      " (see \(holder.map { "what it does: ps -fp \($0.pid)" } ?? "which: sudo fuser -v \(path.quoted)"))"
    case (.replaceLock, .notPermitted):
      " (remove it: sudo rm \(path.quoted); then publish to a directory where no other user can create files)"
    case (_, .permissionDenied), (_, .notPermitted): " (run it as root, or name another file with --output)"
    default: ""
    }
  }
}
