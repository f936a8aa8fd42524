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
