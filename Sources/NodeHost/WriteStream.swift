import GPUSessions
import Glibc

/// Writes all bytes to descriptor 1 or 2, by `ppoll(2)` and `write(2)`.
///
/// Returns `false` if the reader is gone, the write fails, or SIGTERM or SIGINT is pending while the reader does not
/// read.
func writeAll(_ stream: OutputStream, _ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      guard waitUntilWritable(stream.rawValue) else { return false }
      // A pipe that is ready takes PIPE_BUF bytes without blocking (pipe(7)). A larger write could block, and a pending
      // signal does not interrupt it.
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(4_096))
      do throws(Errno) {
        rest = rest.dropFirst(try systemCall { write(stream.rawValue, piece.baseAddress, piece.count) })
      } catch {
        if error != .wouldBlock { return false }
      }
    }
    return true
  }
}

/// Waits until a write would not block, or would fail, by `ppoll(2)`; returns `false` if a termination signal is pending.
private func waitUntilWritable(_ descriptor: Int32) -> Bool {
  var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  repeat {
    var timeout = (50 * Nanoseconds.perMillisecond).timespec
    if ppoll(&entry, 1, &timeout, nil) > 0 { return true }
  } while !isTerminationPending()
  return false
}
