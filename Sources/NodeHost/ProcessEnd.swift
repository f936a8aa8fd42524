import GPUSessions
import Glibc

/// Whether a child has ended, by `waitid(2)`. The child is not reaped, so its PID is not reused.
///
/// Also returns `true` if the process is not a child of this one, or no longer.
func hasEnded(_ pid: pid_t) -> Bool {
  var info = siginfo_t()
  let code = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
  if code != 0 { return Glibc.errno != EINTR }
  return info.si_signo == SIGCHLD
}

/// Reaps a child that has ended, by `waitpid(2)`, and returns how it ended.
///
/// If somebody else has reaped it, that is unknown, and the result is `.notStarted(.noChildProcess)`.
func reap(_ pid: pid_t) -> ChildOutcome.End {
  var status: Int32 = 0
  guard waitpid(pid, &status, WNOHANG) == pid else { return .notStarted(.noChildProcess) }
  // Swift does not import the macros WIFEXITED, WEXITSTATUS and WTERMSIG.
  let signal = status & 0x7f
  return signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal)
}

/// Sends a signal to the process group of a child, or to the child alone if it has left its group, by `kill(2)`.
func signalGroup(_ pid: pid_t, _ signal: Int32) {
  guard pid > 1 else { return }
  if kill(-pid, signal) != 0 { kill(pid, signal) }
}
