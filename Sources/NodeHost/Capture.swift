import GPUSessions
import Glibc

/// The read end of the pipe from one output stream of a child, and the bytes read from it so far.
struct Capture {
  /// `nil` after the end of the stream, after an error, and after the limit was passed.
  private(set) var descriptor: Int32?
  private(set) var bytes: [UInt8] = []
  /// Why the stream could not be read to its end; ``bytes`` is incomplete then.
  private(set) var failure: Errno?
  /// Whether the child wrote more than ``limit`` bytes. The excess is dropped.
  private(set) var isOverLimit = false
  private let limit: Int

  /// Takes ownership of a non-blocking descriptor. Without a descriptor the stream is at its end.
  init(_ descriptor: Int32?, limit: Int) {
    self.descriptor = descriptor
    self.limit = max(0, limit)
  }

  /// Reads once, by `read(2)`; returns whether there were bytes to read.
  mutating func read(through buffer: UnsafeMutableRawBufferPointer) -> Bool {
    guard let descriptor else { return false }
    do {
      let count = try systemCall { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
      append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      if count == 0 || isOverLimit { close() }
      return count > 0
    } catch {
      if error != .wouldBlock {
        failure = error
        close()
      }
      return false
    }
  }

  private mutating func append(_ new: UnsafeRawBufferPointer) {
    let kept = min(new.count, limit - bytes.count)
    // Output that no longer fits into one buffer lists thousands of processes. Growing by 16 keeps copies few;
    // pages of the reserve that are never written take no memory.
    if bytes.count + kept > max(bytes.capacity, readBufferSize) {
      bytes.reserveCapacity(min(limit, bytes.count * 16))
    }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: new[..<kept]))
    isOverLimit = kept < new.count
  }

  /// Closes the descriptor, by `close(2)`. The bytes stay.
  mutating func close() {
    if let descriptor { Glibc.close(descriptor) }
    descriptor = nil
  }
}
