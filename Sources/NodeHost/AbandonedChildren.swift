import Glibc

/// The children that were killed and had not ended when their caller was answered.
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

  /// Adds a child that this process has not reaped.
  func remember(_ pid: pid_t) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    pids.append(pid)
  }

  /// Reaps those that have ended by now, by `waitpid(2)`, and counts the rest.
  func countStillRunning() -> Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    // Anything but 0 means reaped now, or not ours any more.
    pids.removeAll { waitpid($0, nil, WNOHANG) != 0 }
    return pids.count
  }
}
