import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct RunningChildren {
    /// Advances a child every 10 ms until it has an outcome. The deadline has passed.
    private func outcome(of child: inout RunningChild, reading: Bool) -> ChildOutcome? {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
      defer { buffer.deallocate() }
      let patience = farDeadline()
      while child.outcome == nil, bootClock() < patience {
        if reading { child.read(through: buffer) }
        child.advance(
          Round(now: bootClock(), deadline: 0, isTerminated: false, buffer: buffer, abandoned: AbandonedChildren()))
        pause(milliseconds(10))
      }
      return child.outcome
    }

    @Test func `what a child writes between the last read and its end is kept`() throws {
      var child = try startChild(shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done"))
      pause(milliseconds(300))
      let outcome = try #require(outcome(of: &child, reading: false))
      #expect(outcome.end == .deadline && text(outcome.standardOutput) == "up\nbye\n")
    }

    @Test(arguments: [true, false])
    func `output that cannot be read is no whole answer`(isOutput: Bool) throws {
      var pid: pid_t = 0
      let arguments = [strdup("true"), nil]
      defer { for argument in arguments { free(argument) } }
      #expect(posix_spawn(&pid, "/bin/true", nil, nil, arguments, nil) == 0)
      // read(2) of a directory fails.
      let unreadable = Capture(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), limit: 10)
      let ended = Capture(nil, limit: 10)
      var child = RunningChild(
        pid: pid, output: isOutput ? unreadable : ended, errors: isOutput ? ended : unreadable)
      var info = siginfo_t()
      #expect(waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == 0)
      #expect(try #require(outcome(of: &child, reading: true)).end == .notStarted(.isDirectory))
    }

    @Test func `a system call that a signal interrupts is made again`() throws {
      var results: [Int32] = [-1, -1, 5]
      let result = try systemCall {
        errno = EINTR
        return results.removeFirst()
      }
      #expect(result == 5)
      #expect(throws: Errno.noChildProcess) {
        try systemCall {
          errno = ECHILD
          return Int32(-1)
        }
      }
    }
  }
}
