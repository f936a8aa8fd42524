import GPUSessions
import Glibc

/// Writes all bytes to descriptor 1 or 2, by `ppoll(2)` and `write(2)`.
///
/// Returns `false` if the reader is gone, the write fails, or SIGTERM or SIGINT is pending while the reader does not
/// read. Standard error also fails after a second without a reader: a sentence that nobody reads must not keep the run
/// from publishing.
func writeAll(_ stream: OutputStream, _ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    let patience = stream == .standardError ? Nanoseconds.perSecond : .max
    while !rest.isEmpty {
      guard waitUntilWritable(stream.rawValue, atMost: patience) else { return false }
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

/// Waits until a write would not block, or would fail, by `ppoll(2)`.
///
/// Returns `false` if a termination signal is pending or if that takes longer than `patience`.
private func waitUntilWritable(_ descriptor: Int32, atMost patience: Nanoseconds) -> Bool {
  var waited: Nanoseconds = 0
  let tick = 50 * Nanoseconds.perMillisecond
  var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  repeat {
    var timeout = tick.timespec
    if ppoll(&entry, 1, &timeout, nil) > 0 { return true }
    waited += tick
  } while waited < patience && !isTerminationPending()
  return false
}
