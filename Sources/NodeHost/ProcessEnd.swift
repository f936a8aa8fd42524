import GPUSessions
import Glibc

/// Whether a child has ended, by `waitid(2)`; it is not reaped, so its PID stays taken.
///
/// `true` too if it is no child of ours any more.
func hasEnded(_ pid: pid_t) -> Bool {
  var info = siginfo_t()
  let code = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
  if code != 0 { return errno != EINTR }
  return info.si_signo == SIGCHLD
}

/// Reaps a child that has ended, by `waitpid(2)`.
///
/// Where somebody else reaped it, nothing is known of its end: `.notStarted(ECHILD)`.
func reap(_ pid: pid_t) -> ChildOutcome.End {
  var status: Int32 = 0
  guard waitpid(pid, &status, WNOHANG) == pid else { return .notStarted(ECHILD) }
  // WIFEXITED, WEXITSTATUS and WTERMSIG are macros that do not come in from C.
  let signal = status & 0x7f
  return signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal)
}

/// Sends a signal to the process group of a child, and to the child if it has left that group, by `kill(2)`.
func signalGroup(_ pid: pid_t, _ signal: Int32) {
  guard pid > 1 else { return }
  if kill(-pid, signal) != 0 { kill(pid, signal) }
}
