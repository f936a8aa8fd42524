import GPUSessions
import Glibc

/// Reads standard input, or the file that a user has named, to its end, by `open(2)`, `ppoll(2)` and `read(2)`.
///
/// Links are followed, and the file may be a pipe. The result is `.tooLong` if there are more than `limit` bytes, and
/// `.failed(.interrupted)` if SIGTERM or SIGINT is pending before the end.
func readInput(_ input: Input, limit: Int) -> FileRead {
  do throws(Errno) {
    switch input {
    case .standardInput: return try readToEnd(STDIN_FILENO, limit: limit)
    case .file(let path):
      // Opening a FIFO does not wait for its writer, reading does.
      let descriptor = try openPath(in: AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      defer { close(descriptor) }
      return try readToEnd(descriptor, limit: limit)
    }
  } catch {
    return error.isAbsence ? .absent : .failed(error)
  }
}

private func readToEnd(_ descriptor: Int32, limit: Int) throws(Errno) -> FileRead {
  var bytes: [UInt8] = []
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readBufferSize, alignment: 1)
  defer { buffer.deallocate() }
  while true {
    guard waitUntilReadable(descriptor) else { return .failed(.interrupted) }
    let count: Int
    do throws(Errno) {
      count = try systemCall { read(descriptor, buffer.baseAddress, buffer.count) }
    } catch {
      if error == .wouldBlock { continue }
      throw error
    }
    if count == 0 { return .bytes(bytes) }
    if count > limit - bytes.count { return .tooLong }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  }
}

/// Waits until a read would not block, or would fail. Returns `false` if a termination signal is pending.
private func waitUntilReadable(_ descriptor: Int32) -> Bool {
  var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  while !isTerminationPending() {
    var timeout = (50 * Nanoseconds.perMillisecond).timespec
    if ppoll(&entry, 1, &timeout, nil) > 0 { return true }
  }
  return false
}
