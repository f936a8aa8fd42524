import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Writing {
    /// Replaces standard error by a descriptor while the body runs.
    ///
    /// Other tests run at the same time and share standard error: SIGPIPE is ignored, so that none of them is killed.
    private func withStandardError(_ descriptor: Int32, _ body: () -> Void) {
      signal(SIGPIPE, SIG_IGN)
      let saved = dup(2)
      dup2(descriptor, 2)
      body()
      dup2(saved, 2)
      close(saved)
    }

    @Test func `all bytes reach a reader that is slower`() {
      withTemporaryDirectory { directory in
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let path = "\(directory)/out"
        let pipe = popen("sleep 0.1; cat > \(path)", "w")
        var isWritten = false
        withStandardError(fileno(pipe)) { isWritten = host.write(.standardError, bytes) }
        pclose(pipe)
        #expect(isWritten)
        #expect(host.readFile(path, 1 << 20) == .bytes(bytes))
      }
    }

    @Test func `a reader that is gone is told, not died of`() {
      var ends: [Int32] = [-1, -1]
      #expect(pipe2(&ends, O_CLOEXEC) == 0)
      close(ends[0])
      var isWritten = true
      withStandardError(ends[1]) { isWritten = host.write(.standardError, [1, 2, 3]) }
      close(ends[1])
      #expect(!isWritten)
    }

    @Test func `a full disk is told`() {
      let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
      defer { close(full) }
      var isWritten = true
      withStandardError(full) { isWritten = host.write(.standardError, [1]) }
      #expect(!isWritten)
    }

    @Test func `a reader that is stuck does not keep a terminated run`() {
      var ends: [Int32] = [-1, -1]
      #expect(pipe2(&ends, O_CLOEXEC) == 0)
      var isWritten = true
      withTermHeldBack {
        raise(SIGTERM)
        withStandardError(ends[1]) {
          isWritten = host.write(.standardError, [UInt8](repeating: 0x61, count: 1 << 20))
        }
      }
      close(ends[0])
      close(ends[1])
      #expect(!isWritten)
    }

    @Test func `descriptors 0 to 2 that are closed are opened`() {
      // unshare(2) gives the thread its own descriptors, so that the other tests keep theirs.
      let worker = Worker {
        #expect(unshare(CLONE_FILES) == 0)
        for descriptor in Int32(0)...2 { close(descriptor) }
        openStandardDescriptors()
        let targets = (0...2).map { host.readLink("/proc/thread-self/fd/\($0)").contents.map(text) }
        #expect(targets == ["/dev/null", "/dev/null", "/dev/null"])
      }
      worker.join()
    }
  }
}
