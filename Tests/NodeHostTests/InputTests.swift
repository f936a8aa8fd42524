import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Inputs {
    @Test func `a file is read up to its limit, also through a link`() {
      withTemporaryDirectory { directory in
        let long = String(repeating: "x", count: 200_000)
        put("\(directory)/long", long)
        symlink("long", "\(directory)/link")
        for name in ["long", "link"] {
          #expect(host.readInput(.file("\(directory)/\(name)"), 200_000) == .bytes(Array(long.utf8)))
          #expect(host.readInput(.file("\(directory)/\(name)"), 199_999) == .tooLong)
        }
        #expect(host.readInput(.file("/dev/zero"), 200_000) == .tooLong)
        #expect(host.readInput(.file("/dev/null"), 10) == .bytes([]))
        #expect(host.readInput(.file("\(directory)/missing"), 10) == .absent)
        #expect(host.readInput(.file(directory), 10) == .failed(.isDirectory))
      }
    }

    @Test func `a pipe is waited for`() {
      withTemporaryDirectory { directory in
        mkfifo("\(directory)/fifo", 0o600)
        let writer = Worker {
          usleep(100_000)
          let fifo = open("\(directory)/fifo", O_WRONLY)
          _ = write(fifo, "one ", 4)
          usleep(100_000)
          _ = write(fifo, "two", 3)
          close(fifo)
        }
        #expect(host.readInput(.file("\(directory)/fifo"), 100) == .bytes(Array("one two".utf8)))
        writer.join()
      }
    }

    @Test func `a signal ends the reading of a pipe to which nobody writes`() {
      withTemporaryDirectory { directory in
        mkfifo("\(directory)/fifo", 0o600)
        withTermHeldBack {
          let target = pthread_self()
          let killer = Worker {
            usleep(100_000)
            pthread_kill(target, SIGTERM)
          }
          #expect(host.readInput(.file("\(directory)/fifo"), 100) == .failed(.interrupted))
          killer.join()
        }
      }
    }
  }
}
