import GPUSessions
import Glibc

// SIGTERM and SIGINT are blocked during the whole run, and the program checks whether one of them is pending. A handler
// would need shared mutable state and could run at any moment. A pending signal interrupts no system call, and it stays
// pending, so every later check finds it too.

/// Returns the set of SIGTERM and SIGINT.
func terminationSignals() -> sigset_t {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGTERM)
  sigaddset(&signals, SIGINT)
  return signals
}

/// Whether SIGTERM or SIGINT is pending, by `sigpending(2)`.
func isTerminationPending() -> Bool {
  var pending = sigset_t()
  guard sigpending(&pending) == 0 else { return false }
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
}

/// Waits until a moment of the boot clock, by `sigtimedwait(2)`.
///
/// Returns `true` early if SIGTERM or SIGINT arrives. The signal stays pending.
func sleepUntil(_ moment: Nanoseconds) -> Bool {
  var signals = terminationSignals()
  while !isTerminationPending() {
    let now = bootClock()
    if moment <= now { return false }
    var timeout = (moment - now).timespec
    let signal = sigtimedwait(&signals, nil, &timeout)
    // sigtimedwait(2) has consumed the signal. Since it is blocked, raising it makes it pending again.
    if signal > 0 { raise(signal) }
  }
  return true
}

/// Restores the default action of every signal that the parent process had ignored, by `sigaction(2)`.
///
/// Handlers do not survive `exec`: one that is found here was installed by the Swift runtime, and is kept.
func resetIgnoredSignals(_ signals: ClosedRange<Int32> = 1...64) {
  for signal in signals {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { continue }
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
    if handler == ignored { Glibc.signal(signal, SIG_DFL) }
  }
}

/// Blocks SIGTERM and SIGINT and unblocks all other signals, by `sigprocmask(2)`.
func blockTerminationOnly() {
  var signals = terminationSignals()
  sigprocmask(SIG_SETMASK, &signals, nil)
}
