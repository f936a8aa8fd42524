import Glibc

/// The children that were killed, but had not ended when ``runChildren(_:until:abandoned:)`` returned.
///
/// Safe to use from several threads: a mutex guards the list.
final class AbandonedChildren: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var pids: [pid_t] = []

  init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Adds a child that has not been reaped.
  func remember(_ pid: pid_t) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    pids.append(pid)
  }

  /// Reaps the children that have ended, by `waitpid(2)`, and returns the number of those that have not.
  func countStillRunning() -> Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    // 0 means still running. Any other result means that the child was reaped, by this call or by somebody else.
    pids.removeAll { waitpid($0, nil, WNOHANG) != 0 }
    return pids.count
  }
}
