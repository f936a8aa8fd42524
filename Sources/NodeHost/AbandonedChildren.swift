import Glibc

/// The children that were killed, but had not ended when ``runChildren(_:until:abandoned:)`` returned.
///
/// Safe to use from several threads: a lock guards the list.
final class AbandonedChildren: @unchecked Sendable {
  private let lock = Lock()
  private var pids: [pid_t] = []

  /// Adds a child that has not been reaped.
  func remember(_ pid: pid_t) {
    lock.withLock { pids.append(pid) }
  }

  /// Reaps the children that have ended, by `waitpid(2)`, and returns the number of those that have not.
  func countStillRunning() -> Int {
    lock.withLock {
      // 0 means still running. Any other result means that the child was reaped, by this call or by somebody else.
      pids.removeAll { waitpid($0, nil, WNOHANG) != 0 }
      return pids.count
    }
  }
}
