import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Publishing {
    private let old = Array("old\n".utf8)
    private let new = Array("new\n".utf8)

    private func publish(_ path: String, _ contents: [UInt8]) throws(PublishError) -> PublishResult {
      try host.publish(path, contents, host.wallClock())
    }

    @Test func `a new file is whole, dated by its run and alone`() throws {
      try withTemporaryDirectory { directory throws in
        let started = host.wallClock() - milliseconds(3_000)
        let contents = [UInt8](repeating: 0x61, count: 3_000_000)
        #expect(try host.publish("\(directory)/x.prom", contents, started) == .replaced)
        #expect(host.readFile("\(directory)/x.prom", 4_000_000) == .bytes(contents))
        #expect(Nanoseconds(status("\(directory)/x.prom").st_mtim) == started)
        #expect(names(in: directory) == ["x.prom"])
      }
    }

    @Test func `the mode is 0644 whatever the umask`() {
      withTemporaryDirectory { directory in
        // unshare(2) gives the thread its own umask, so that other tests keep theirs.
        let worker = Worker {
          #expect(unshare(CLONE_FS) == 0)
          umask(0o777)
          #expect(throws: Never.self) { try host.publish("\(directory)/x", [1], host.wallClock()) }
        }
        worker.join()
        #expect(status("\(directory)/x").st_mode & 0o7777 == 0o644)
      }
    }

    @Test func `a link is replaced and what it leads to stays`() throws {
      try withTemporaryDirectory { directory throws in
        put("\(directory)/victim", "keep")
        symlink("victim", "\(directory)/x.prom")
        #expect(try publish("\(directory)/x.prom", new) == .replaced)
        #expect(host.readFile("\(directory)/victim", 10) == .bytes(Array("keep".utf8)))
        #expect(host.readFile("\(directory)/x.prom", 10) == .bytes(new))
      }
    }

    @Test func `what a killed run left is removed, even a link`() throws {
      try withTemporaryDirectory { directory throws in
        put("\(directory)/victim", "keep")
        symlink("victim", "\(directory)/.x.prom.tmp")
        #expect(try publish("\(directory)/x.prom", new) == .replaced)
        put("\(directory)/.x.prom.tmp", "half a li")
        #expect(try publish("\(directory)/x.prom", new) == .replaced)
        #expect(host.readFile("\(directory)/victim", 10) == .bytes(Array("keep".utf8)))
        #expect(names(in: directory) == ["victim", "x.prom"])
      }
    }

    @Test func `a directory in the temporary's place is an error, and the old file stays`() throws {
      try withTemporaryDirectory { directory throws in
        let path = "\(directory)/x.prom"
        #expect(try publish(path, old) == .replaced)
        mkdir("\(directory)/.x.prom.tmp", 0o755)
        #expect(throws: PublishError(step: .clear, errno: .isDirectory, path: path)) { try publish(path, new) }
        #expect(host.readFile(path, 10) == .bytes(old))
      }
    }

    @Test func `the file of a run that started later stays`() throws {
      try withTemporaryDirectory { directory throws in
        let path = "\(directory)/x.prom"
        let now = host.wallClock()
        #expect(try host.publish(path, new, now - milliseconds(1_000)) == .replaced)
        put("\(directory)/.x.prom.tmp", "half a li")
        #expect(try host.publish(path, old, now - milliseconds(2_000)) == .newerFileKept)
        #expect(host.readFile(path, 10) == .bytes(new))
        #expect(try host.publish(path, old, now - milliseconds(1_000)) == .replaced)
        #expect(names(in: directory) == ["x.prom"])
      }
    }

    @Test func `a file from the future is replaced`() throws {
      try withTemporaryDirectory { directory throws in
        let path = "\(directory)/x.prom"
        for future in [host.wallClock() + milliseconds(3_600_000), .max] {
          #expect(try host.publish(path, old, future) == .replaced)
          #expect(try publish(path, new) == .replaced)
          #expect(host.readFile(path, 10) == .bytes(new))
        }
      }
    }

    @Test func `a newer link or FIFO is no newer run`() throws {
      try withTemporaryDirectory { directory throws in
        symlink("nowhere", "\(directory)/link")
        mkfifo("\(directory)/fifo", 0o600)
        for name in ["link", "fifo"] {
          #expect(try host.publish("\(directory)/\(name)", new, 0) == .replaced)
          #expect(host.readFile("\(directory)/\(name)", 10) == .bytes(new))
        }
      }
    }

    @Test func `a directory is no target`() {
      withTemporaryDirectory { directory in
        mkdir("\(directory)/x", 0o755)
        let path = "\(directory)/x"
        #expect(throws: PublishError(step: .rename, errno: .isDirectory, path: path)) { try publish(path, new) }
        for path in ["\(directory)/", "\(directory)/.", "\(directory)/..", "", ".", "/"] {
          #expect(throws: PublishError(step: .create, errno: .isDirectory, path: path)) { try publish(path, new) }
        }
        #expect(names(in: directory) == ["x"])
      }
    }

    @Test func `a directory that is none says so`() {
      withTemporaryDirectory { directory in
        put("\(directory)/file", "x")
        for (parent, code) in [
          ("\(directory)/missing", Errno.noSuchFileOrDirectory), ("\(directory)/file", .notDirectory),
        ] {
          let expected = PublishError(step: .openDirectory, errno: code, path: parent)
          #expect(throws: expected) { try publish("\(parent)/x.prom", new) }
        }
      }
    }

    @Test func `a directory that cannot be written to says so`() {
      // Not even root can create a file in procfs.
      let path = "/proc/self/x.prom"
      do throws(PublishError) {
        #expect(try publish(path, new) != .replaced)
      } catch {
        #expect(error.path == path)
        #expect([.clear, .create].contains(error.step))
        #expect(error.errno != 0)
      }
    }

    @Test func `a name too long for the files beside it is an error, not a crash`() {
      withTemporaryDirectory { directory in
        let path = "\(directory)/\(String(repeating: "n", count: 255))"
        let expected = PublishError(step: .create, errno: .fileNameTooLong, path: path)
        #expect(throws: expected) { try publish(path, new) }
      }
    }

    @Test func `runs that publish at once leave one whole file`() {
      withTemporaryDirectory { directory in
        let path = "\(directory)/x.prom"
        let candidates = (0..<4).map { [UInt8](repeating: 0x61 + $0, count: 200_000) }
        let workers = candidates.map { contents in
          Worker {
            for _ in 0..<10 {
              #expect(throws: Never.self) { try host.publish(path, contents, host.wallClock()) }
            }
          }
        }
        for worker in workers { worker.join() }
        let last = host.readFile(path, 1 << 20)
        #expect(candidates.contains { .bytes($0) == last })
        #expect(names(in: directory) == ["x.prom"])
      }
    }

    @Test func `a rename that fails leaves no temporary file`() {
      withTemporaryDirectory { directory in
        let path = "\(directory)/x.prom"
        let expected = PublishError(step: .rename, errno: .isDirectory, path: path)
        #expect(throws: expected) {
          // The directory is created after the place of the file was examined.
          let contents: ByteProducer = { write in
            mkdir(path, 0o755)
            write(new)
          }
          return try host.publish(path, contents, host.wallClock())
        }
        #expect(names(in: directory) == ["x.prom"])
      }
    }
  }
}
