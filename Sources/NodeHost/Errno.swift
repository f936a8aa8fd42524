import Glibc

/// Why a system call failed.
struct SystemError: Error, Equatable {
  /// The errno of the call.
  var errno: Int32
}

/// Makes a system call again as long as a signal interrupts it.
///
/// Throws the errno when the call answers a negative number.
@discardableResult
func systemCall<Result: BinaryInteger>(_ call: () -> Result) throws(SystemError) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let code = errno
    if code != EINTR { throw SystemError(errno: code) }
  }
}

extension SystemError {
  /// Whether the errno says that there is no such file, or that its process is gone.
  var isAbsence: Bool { errno == ENOENT || errno == ESRCH || errno == ENOTDIR }

  /// Whether a non-blocking call would have had to wait.
  var isWouldBlock: Bool { errno == EAGAIN || errno == EWOULDBLOCK }
}
