import GPUSessions
import Glibc

/// Makes a system call, again if a signal interrupts it, and returns its result.
///
/// Throws the errno if the result is negative.
@discardableResult
func systemCall<Result: BinaryInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let error = Errno(rawValue: Glibc.errno)
    if error != .interrupted { throw error }
  }
}

/// Throws the result of a function of the `posix_spawn` family if it is an errno. These functions do not set `errno`.
func check(_ code: Int32) throws(Errno) {
  if code != 0 { throw Errno(rawValue: code) }
}

extension Errno {
  /// Whether there is no such file, or the process of a procfs file has ended.
  var isAbsence: Bool { self == .noSuchFileOrDirectory || self == .notDirectory || self == .noSuchProcess }
}
