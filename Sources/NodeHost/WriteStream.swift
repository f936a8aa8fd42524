import GPUSessions
import Glibc

/// Writes all bytes to descriptor 1 or 2, by `ppoll(2)` and `write(2)`.
///
/// `false` if the reader is gone, the write fails, or a termination signal arrives while the reader is stuck.
func writeAll(_ stream: OutputStream, _ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      guard waitUntilWritable(stream.rawValue) else { return false }
      // A pipe that is writable takes this much without blocking, where no signal would reach us.
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(4_096))
      do throws(SystemError) {
        rest = rest.dropFirst(try systemCall { write(stream.rawValue, piece.baseAddress, piece.count) })
      } catch {
        if !error.isWouldBlock { return false }
      }
    }
    return true
  }
}

/// Waits by `ppoll(2)` until a write would not block or would fail; `false` on a termination signal.
private func waitUntilWritable(_ descriptor: Int32) -> Bool {
  var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  repeat {
    var timeout = (50 * Nanoseconds.perMillisecond).timespec
    if ppoll(&entry, 1, &timeout, nil) > 0 { return true }
  } while !isTerminationPending()
  return false
}
