import GPUSessions
import Glibc
import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Terminals {
    /// Returns the terminal width if this descriptor is standard output.
    private func width(_ descriptor: Int32) -> Int? {
      nonisolated(unsafe) var width: Int?
      // A thread with descriptors of its own: the other tests keep their standard output.
      let worker = Worker {
        #expect(unshare(CLONE_FILES) == 0)
        dup2(descriptor, 1)
        width = host.terminalWidth()
      }
      worker.join()
      return width
    }

    @Test func `a terminal tells its columns, or 0`() {
      let terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)
      defer { close(terminal) }
      #expect(width(terminal) == 0)
      var size = winsize(ws_row: 24, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
      #expect(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
      #expect(width(terminal) == 132)
    }

    @Test func `anything else is no terminal`() {
      let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
      defer { close(null) }
      #expect(width(null) == nil)
    }
  }
}
