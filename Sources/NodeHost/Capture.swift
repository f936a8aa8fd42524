import Glibc

/// One output stream of a child: the read end of its pipe and what came out of it so far.
struct Capture {
  /// `nil` once the stream has ended, or nobody wants more of it.
  private(set) var descriptor: Int32?
  private(set) var bytes: [UInt8] = []
  /// Why it could not be read to its end: what is there is not the whole answer.
  private(set) var failure: Int32?
  /// Whether more came than is kept.
  private(set) var isOverLimit = false
  private let limit: Int

  /// Takes over a non-blocking descriptor, or none; `limit` in bytes.
  init(_ descriptor: Int32?, limit: Int) {
    self.descriptor = descriptor
    self.limit = max(0, limit)
  }

  /// Reads once what is there, by `read(2)`; `false` if nothing came.
  ///
  /// Closes the descriptor at the end of the stream, on an error, and past the limit.
  mutating func read(through buffer: UnsafeMutableRawBufferPointer) -> Bool {
    guard let descriptor else { return false }
    do {
      let count = try systemCall { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
      let kept = min(count, limit - bytes.count)
      // What is long already is likely to be much longer: seldom moved, and what is not filled costs nothing.
      if bytes.count + kept > max(bytes.capacity, buffer.count) {
        bytes.reserveCapacity(min(limit, bytes.count * 16))
      }
      bytes.append(contentsOf: buffer[..<kept])
      isOverLimit = kept < count
      if count == 0 || isOverLimit { close() }
      return count > 0
    } catch {
      if !error.isWouldBlock {
        failure = error.errno
        close()
      }
      return false
    }
  }

  /// Gives the descriptor up, by `close(2)`; the bytes stay.
  mutating func close() {
    if let descriptor { Glibc.close(descriptor) }
    descriptor = nil
  }
}
