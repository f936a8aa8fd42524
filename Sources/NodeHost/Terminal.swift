import Glibc

/// Columns of the terminal that descriptor 1 is, by `ioctl(2)` `TIOCGWINSZ`; 0 if the terminal does not say.
///
/// `nil` where descriptor 1 is no terminal.
func standardOutputColumns() -> Int? {
  guard isatty(STDOUT_FILENO) == 1 else { return nil }
  var size = winsize()
  return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
}
