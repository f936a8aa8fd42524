import GPUSessions
import Glibc

// SIGTERM and SIGINT stay blocked for the whole run and are looked for among the pending signals. A handler
// would need shared mutable state, and would have to be let in at the right moments; a pending signal cannot
// be missed, interrupts no system call, and stays to be seen by whoever asks next.

/// The signals that ask this process to end: SIGTERM and SIGINT.
func terminationSignals() -> sigset_t {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGTERM)
  sigaddset(&signals, SIGINT)
  return signals
}

/// Whether SIGTERM or SIGINT has arrived and is held back, by `sigpending(2)`.
func isTerminationPending() -> Bool {
  var pending = sigset_t()
  guard sigpending(&pending) == 0 else { return false }
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
}

/// Waits by `sigtimedwait(2)` until the moment (boot clock, nanoseconds) or a termination signal.
///
/// `true` if it was a signal, which stays pending.
func sleepUntil(_ moment: Nanoseconds) -> Bool {
  var signals = terminationSignals()
  while !isTerminationPending() {
    let now = bootClock()
    if moment <= now { return false }
    var timeout = (moment - now).timespec
    let signal = sigtimedwait(&signals, nil, &timeout)
    // The wait took the signal away; as it is blocked, raising it makes it pending again.
    if signal > 0 { raise(signal) }
  }
  return true
}

/// Gives every signal that the parent had ignored its default action, by `sigaction(2)`.
///
/// Handlers do not outlive `exec`, so the ones found here are the runtime's and stay.
func resetIgnoredSignals(_ signals: ClosedRange<Int32> = 1...64) {
  for signal in signals {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { continue }
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
    if handler == ignored { Glibc.signal(signal, SIG_DFL) }
  }
}

/// Blocks SIGTERM and SIGINT and nothing else, whatever mask was inherited, by `sigprocmask(2)`.
func blockTerminationOnly() {
  var signals = terminationSignals()
  sigprocmask(SIG_SETMASK, &signals, nil)
}
