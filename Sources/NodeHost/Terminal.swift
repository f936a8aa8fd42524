import Glibc

/// Returns the width of the terminal on descriptor 1 in columns, by `TIOCGWINSZ` (ioctl_tty(2)).
///
/// 0 if the terminal does not report it; `nil` if descriptor 1 is not a terminal.
func standardOutputColumns() -> Int? {
  guard isatty(STDOUT_FILENO) == 1 else { return nil }
  var size = winsize()
  return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
}

/// Returns the number of lines of the terminal on descriptor 1, by `TIOCGWINSZ`; 0 if it is not known.
func standardOutputRows() -> Int {
  var size = winsize()
  return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_row) : 0
}

/// Lets the terminal on descriptor 0 neither show the keys that are typed nor act on them, except Ctrl-C, by `tcsetattr(3)`.
///
/// Returns what undoes it, and forgets the keys that were typed meanwhile. Does nothing if descriptor 0 is no terminal, and
/// while this process is in the background: the kernel would stop it.
func silenceKeys() -> @Sendable () -> Void {
  var found = termios()
  guard isInForeground(), tcgetattr(STDIN_FILENO, &found) == 0 else { return {} }
  let before = found
  var silent = before
  silent.c_lflag &= ~tcflag_t(ECHO)
  // Ctrl-Z and Ctrl-\ would leave the screen of this program behind. Glibc's cc_t 0 is _POSIX_VDISABLE: no key.
  withUnsafeMutableBytes(of: &silent.c_cc) { keys in
    for key in [VSUSP, VQUIT] { keys[Int(key)] = 0 }
  }
  tcsetattr(STDIN_FILENO, TCSANOW, &silent)
  return {
    var settings = before
    if isInForeground() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
  }
}

/// Whether this process may change the terminal on descriptor 0, by `tcgetpgrp(3)`.
private func isInForeground() -> Bool { tcgetpgrp(STDIN_FILENO) == getpgrp() }
