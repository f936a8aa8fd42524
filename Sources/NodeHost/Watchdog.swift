import GPUSessions
import Glibc

/// Runs `body` on this thread while a second thread watches the clock and the signals.
///
/// If `body` is not done at the deadline (boot clock), or 0.8 s after SIGTERM or SIGINT arrived, the second thread calls
/// `late` and ends the process with the status that it returns, by `_exit(2)`. `body` is not interrupted: a read from a
/// file system that does not answer cannot be ended from within the process, but another thread can still publish and end
/// the process. A thread that waits uninterruptibly in the kernel (state D) keeps the process until it is woken.
///
/// If no thread can be started, `body` runs without a deadline.
func watch(
  until deadline: Nanoseconds, late: @escaping @Sendable (Lateness) -> Int32, body: () -> Void
) {
  let watchdog = Watchdog(deadline: deadline, late: late)
  watchdog.start()
  body()
  // The second thread has won the race: it is about to end the process.
  while !watchdog.settle() { pause(.perSecond) }
}

/// What the two threads share. A lock guards the flag.
private final class Watchdog: @unchecked Sendable {
  /// Time between two looks at the clock and the pending signals.
  private static let tick = 100 * Nanoseconds.perMillisecond
  /// Time after a signal in which the watched thread may end by itself.
  private static let signalGrace = 800 * Nanoseconds.perMillisecond

  private let deadline: Nanoseconds
  private let late: @Sendable (Lateness) -> Int32
  private let lock = Lock()
  private var isSettled = false

  init(deadline: Nanoseconds, late: @escaping @Sendable (Lateness) -> Int32) {
    (self.deadline, self.late) = (deadline, late)
  }

  /// Starts the second thread, by `pthread_create(3)`. It ends by itself, at most a tick after ``settle()``.
  func start() {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 512 << 10)
    var thread = pthread_t()
    let shared = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<Watchdog>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, shared.toOpaque())
    if code != 0 { shared.release() }
  }

  /// Decides which thread goes on: `true` for the first call, `false` for the second one.
  func settle() -> Bool {
    lock.withLock {
      if isSettled { return false }
      isSettled = true
      return true
    }
  }

  private var isOver: Bool { lock.withLock { isSettled } }

  /// Waits until the body is done or late.
  private func run() {
    var signalDeadline = Nanoseconds.max
    while true {
      pause(Self.tick)
      if isOver { return }
      let now = bootClock()
      if signalDeadline == .max, isTerminationPending() { signalDeadline = now + Self.signalGrace }
      guard now >= min(deadline, signalDeadline) else { continue }
      guard settle() else { return }
      _exit(late(now >= deadline ? .overdue : .terminated))
    }
  }
}
