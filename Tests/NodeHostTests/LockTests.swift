import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  /// The lock file, which keeps two runs from publishing at the same time.
  @Suite struct Locking {
    private let old = Array("old\n".utf8)
    private let new = Array("new\n".utf8)

    private func publish(_ path: String, _ contents: [UInt8]) throws(PublishError) -> PublishResult {
      try host.publish(path, contents, host.wallClock())
    }

    /// Opens a file, with the lock file's mode if it is created, and locks it; returns its descriptor.
    private func held(_ path: String, _ flags: Int32 = O_RDWR | O_CREAT) -> Int32 {
      let file = open(path, flags | O_CLOEXEC, 0o600)
      #expect(flock(file, LOCK_EX) == 0)
      return file
    }

    @Test func `locks on the directory and on the output hold up nobody`() throws {
      try withTemporaryDirectory { directory throws in
        put("\(directory)/x.prom", "old\n")
        let holders = [held(directory, O_RDONLY), held("\(directory)/x.prom", O_RDONLY)]
        defer { for holder in holders { close(holder) } }
        let start = host.now()
        #expect(try publish("\(directory)/x.prom", new) == .replaced)
        #expect(host.now() - start < milliseconds(4_000))
      }
    }

    @Test func `the lock file is the owner's alone whatever the umask, and is gone afterwards`() {
      withTemporaryDirectory { directory in
        // unshare(2) gives the thread its own umask, so that other tests keep theirs.
        let worker = Worker {
          for mask: mode_t in [0o777, 0] {
            #expect(unshare(CLONE_FS) == 0)
            umask(mask)
            let contents: ByteProducer = { write in
              #expect(status("\(directory)/.x.lock").st_mode == S_IFREG | 0o600)
              write([1])
            }
            #expect(throws: Never.self) { try host.publish("\(directory)/x", contents, host.wallClock()) }
            #expect(names(in: directory) == ["x"])
          }
        }
        worker.join()
      }
    }

    @Test func `no child inherits the lock`() throws {
      try withTemporaryDirectory { directory throws in
        var seen = ""
        let contents: ByteProducer = { write in
          seen = text(run(shell("ls -l /proc/self/fd")).standardOutput)
          write(new)
        }
        #expect(try host.publish("\(directory)/x.prom", contents, host.wallClock()) == .replaced)
        #expect(seen.contains("/dev/null") && !seen.contains(directory))
      }
    }

    @Test func `a lock that is held for a while is waited for`() throws {
      try withTemporaryDirectory { directory throws in
        let holder = held("\(directory)/.x.prom.lock")
        put("\(directory)/.x.prom.tmp", "of the holder")
        let start = host.now()
        let worker = Worker {
          usleep(100_000)
          close(holder)
        }
        #expect(try publish("\(directory)/x.prom", new) == .replaced)
        #expect(host.now() - start >= milliseconds(90))
        worker.join()
        #expect(host.readFile("\(directory)/x.prom", 10) == .bytes(new))
        #expect(names(in: directory) == ["x.prom"])
      }
    }

    @Test func `a lock that others keep is given up, and nothing is touched`() throws {
      try withTemporaryDirectory { directory throws in
        let holder = held("\(directory)/.x.prom.lock")
        defer { close(holder) }
        put("\(directory)/.x.prom.tmp", "of the holder")
        do throws(PublishError) {
          let result = try publishFile(
            "\(directory)/x.prom", { write in write(new) }, started: 0, lockWait: milliseconds(40))
          Issue.record("\(result)")
        } catch {
          #expect(error.step == .lock && error.errno == 0 && error.path == "\(directory)/.x.prom.lock")
          // Some file systems have other device numbers in /proc/locks than in stat(2).
          #expect(error.holder == nil || error.holder?.pid == getpid())
        }
        #expect(names(in: directory) == [".x.prom.lock", ".x.prom.tmp"])
        // Another output in the directory has a lock of its own.
        #expect(try publish("\(directory)/y.prom", new) == .replaced)
      }
    }

    @Test func `whoever waits for a lock file that is removed takes the new one`() throws {
      try withTemporaryDirectory { directory throws in
        let path = "\(directory)/.x.prom.lock"
        let first = held(path)
        let worker = Worker {
          usleep(100_000)
          // As another run removes it, and a third one creates it anew.
          unlink(path)
          let second = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
          flock(second, LOCK_EX)
          close(first)
          usleep(100_000)
          close(second)
        }
        let start = host.now()
        #expect(try publish("\(directory)/x.prom", new) == .replaced)
        #expect(host.now() - start >= milliseconds(190))
        worker.join()
      }
    }

    @Test func `who has lost the lock publishes nothing`() throws {
      try withTemporaryDirectory { directory throws in
        let (path, lock) = ("\(directory)/x.prom", "\(directory)/.x.prom.lock")
        #expect(try publish(path, old) == .replaced)
        let contents: ByteProducer = { write in
          unlink(lock)
          put(lock, "of another run")
          write(new)
        }
        #expect(throws: PublishError(step: .keepLock, errno: 0, path: lock)) {
          try host.publish(path, contents, host.wallClock())
        }
        #expect(host.readFile(path, 10) == .bytes(old))
        #expect(names(in: directory) == [".x.prom.lock", "x.prom"])
      }
    }

    @Test func `what is no lock file of this user is replaced, even while it is held`() throws {
      try withTemporaryDirectory { directory throws in
        let (path, lock) = ("\(directory)/x.prom", "\(directory)/.x.prom.lock")
        put("\(directory)/victim", "keep")
        symlink("victim", lock)
        #expect(try publish(path, new) == .replaced)
        mkfifo(lock, 0o600)
        #expect(try publish(path, new) == .replaced)
        // Every user could open and hold it.
        put(lock, "")
        let holder = held(lock)
        #expect(try publish(path, new) == .replaced)
        close(holder)
        if geteuid() == 0 {
          let foreign = held(lock)
          chown(lock, 65_534, 65_534)
          #expect(try publish(path, new) == .replaced)
          close(foreign)
        }
        #expect(host.readFile("\(directory)/victim", 10) == .bytes(Array("keep".utf8)))
        #expect(names(in: directory) == ["victim", "x.prom"])
      }
    }

    @Test func `a directory in the lock file's place is an error`() {
      withTemporaryDirectory { directory in
        mkdir("\(directory)/.x.prom.lock", 0o755)
        let expected = PublishError(step: .replaceLock, errno: .isDirectory, path: "\(directory)/.x.prom.lock")
        #expect(throws: expected) { try publish("\(directory)/x.prom", new) }
        #expect(throws: expected) { try host.remove("\(directory)/x.prom") }
      }
    }

    @Test func `the lock file of a killed run is used again, and removed with the output`() throws {
      try withTemporaryDirectory { directory throws in
        close(held("\(directory)/.x.prom.lock"))
        #expect(try publish("\(directory)/x.prom", new) == .replaced)
        close(held("\(directory)/.x.prom.lock"))
        #expect(try host.remove("\(directory)/x.prom"))
        #expect(names(in: directory) == [])
      }
    }

    @Test func `the state of the lock is told, and nothing is changed`() {
      withTemporaryDirectory { directory in
        let (path, lock) = ("\(directory)/x.prom", "\(directory)/.x.prom.lock")
        #expect(lockState(of: path) == .free)
        #expect(names(in: directory) == [])
        let holder = held(lock)
        if case .held(let process) = lockState(of: path, wait: milliseconds(20)) {
          #expect(process == nil || process?.pid == getpid())
        } else {
          Issue.record("it is held")
        }
        close(holder)
        #expect(lockState(of: path) == .free)
        chmod(lock, 0o644)
        #expect(lockState(of: path) == .foreign)
        unlink(lock)
        symlink("x", lock)
        #expect(lockState(of: path) == .foreign)
        #expect(names(in: directory) == [".x.prom.lock"])
        #expect(lockState(of: "\(directory)/missing/x.prom") == .unknown(.noSuchFileOrDirectory))
      }
    }
  }
}
