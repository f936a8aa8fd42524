import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Spawning {
    @Test func `an exit status and both streams come back`() {
      let outcome = run(shell("echo out; echo err >&2; exit 7"))
      #expect(outcome.end == .exited(7))
      #expect(text(outcome.standardOutput) == "out\n")
      #expect(text(outcome.standardError) == "err\n")
    }

    @Test func `a child that a signal ended says which`() {
      #expect(run(shell("kill -SEGV $$")).end == .signaled(SIGSEGV))
    }

    @Test func `two full streams at once do not deadlock`() {
      let script = "head -c 300000 /dev/zero >&2 & head -c 400000 /dev/zero; wait"
      let outcome = run(shell(script))
      #expect(outcome.end == .exited(0))
      #expect(outcome.standardOutput.count == 400_000)
      #expect(outcome.standardError.count == 300_000)
    }

    @Test func `output of exactly the limit is whole`() {
      let outcome = run(shell("head -c 100000 /dev/zero", limit: 100_000))
      #expect(outcome.end == .exited(0))
      #expect(outcome.standardOutput.count == 100_000)
    }

    @Test(arguments: ["exec cat /dev/zero", "exec cat /dev/zero >&2", "echo 12345678901; exec sleep 100"])
    func `a child that writes past the limit is killed`(script: String) {
      let outcome = run(shell(script, limit: 10))
      #expect(outcome.end == .outputLimit)
      #expect(outcome.standardOutput.count + outcome.standardError.count == 10)
    }

    @Test func `a negative limit keeps nothing`() {
      #expect(run(shell("echo x", limit: -5)).standardOutput.isEmpty)
      #expect(run(shell("exit 3", limit: -5)).end == .exited(3))
    }

    @Test func `a program that is not there does not stop the others`() {
      let missing = ChildCommand(executable: "/nonexistent/x", arguments: [], outputLimit: 10)
      let directory = ChildCommand(executable: "/tmp", arguments: [], outputLimit: 10)
      let outcomes = host.spawn([missing, shell("echo here"), directory], farDeadline())
      #expect(
        outcomes.map(\.end) == [.notStarted(.noSuchFileOrDirectory), .exited(0), .notStarted(.permissionDenied)])
      #expect(outcomes.map { text($0.standardOutput) } == ["", "here\n", ""])
    }

    @Test func `an argument with a zero byte is refused, not cut`() {
      #expect(run(shell("echo \"$1\"", ["a\0b"])).end == .notStarted(.invalidArgument))
    }

    @Test func `a string that cannot be copied for C fails, and cuts no array`() {
      var isCalled = false
      #expect(throws: Errno.noMemory) {
        try withCStrings(["a", "b", "c"], copy: { $0 == "b" ? nil : strdup($0) }) { _ in isCalled = true }
      }
      #expect(!isCalled)
    }

    @Test func `no command is no outcome`() {
      #expect(host.spawn([], farDeadline()).isEmpty)
    }

    @Test func `children run at the same time`() {
      func span(_ count: Int) -> Nanoseconds {
        let start = host.now()
        let outcomes = host.spawn(Array(repeating: shell("sleep 0.4"), count: count), farDeadline())
        #expect(outcomes.map(\.end) == Array(repeating: .exited(0), count: count))
        return host.now() - start
      }
      let one = span(1)
      // In sequence they would take six times as long.
      #expect(span(6) < one * 3)
    }
  }
}
