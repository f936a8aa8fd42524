import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Captures {
    /// Calls `body` with a capture of a pipe, the pipe's write end, and a buffer.
    private func withPipe(
      limit: Int, _ body: (inout Capture, Int32, UnsafeMutableRawBufferPointer) -> Void
    ) {
      var ends: [Int32] = [-1, -1]
      #expect(pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0)
      var capture = Capture(ends[0], limit: limit)
      withBuffer { body(&capture, ends[1], $0) }
      capture.close()
    }

    private func withBuffer(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
      defer { buffer.deallocate() }
      body(buffer)
    }

    @Test func `the descriptor is closed at the end of the stream, not before`() {
      withPipe(limit: 100) { capture, writer, buffer in
        write(writer, "abc", 3)
        var isRead = capture.read(through: buffer)
        #expect(isRead && capture.descriptor != nil)
        // Nothing is there, but more may come.
        isRead = capture.read(through: buffer)
        #expect(!isRead && capture.descriptor != nil && capture.failure == nil)
        write(writer, "d", 1)
        isRead = capture.read(through: buffer)
        #expect(isRead)
        close(writer)
        isRead = capture.read(through: buffer)
        #expect(!isRead && capture.descriptor == nil)
        #expect(text(capture.bytes) == "abcd" && capture.failure == nil && !capture.isOverLimit)
        isRead = capture.read(through: buffer)
        #expect(!isRead)
      }
    }

    @Test func `the descriptor is closed past the limit`() {
      withPipe(limit: 3) { capture, writer, buffer in
        write(writer, "abc", 3)
        var isRead = capture.read(through: buffer)
        #expect(isRead && !capture.isOverLimit && capture.descriptor != nil)
        write(writer, "de", 2)
        isRead = capture.read(through: buffer)
        #expect(isRead && capture.isOverLimit && capture.descriptor == nil)
        #expect(text(capture.bytes) == "abc")
        close(writer)
      }
    }

    @Test func `an error closes the descriptor and is kept`() {
      // read(2) of a directory fails.
      var capture = Capture(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), limit: 10)
      var isRead = true
      withBuffer { isRead = capture.read(through: $0) }
      #expect(!isRead)
      #expect(capture.failure == .isDirectory && capture.descriptor == nil && capture.bytes.isEmpty)
    }
  }
}
