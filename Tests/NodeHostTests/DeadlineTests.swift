import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Deadlines {
    /// The longest time that a call may take after its deadline.
    private let overrun = milliseconds(1_000)

    @Test func `a child that ignores SIGTERM is killed soon after the deadline`() {
      let deadline = host.now() + milliseconds(200)
      let outcome = run(shell("trap '' TERM; echo kept; while :; do sleep 0.05; done"), deadline: deadline)
      #expect(host.now() < deadline + overrun)
      #expect(outcome.end == .deadline)
      #expect(text(outcome.standardOutput) == "kept\n")
    }

    @Test func `a child may say something when SIGTERM comes`() {
      let script = "trap 'echo bye; exit 0' TERM; while :; do sleep 0.02; done"
      let outcome = run(shell(script), deadline: host.now() + milliseconds(200))
      #expect(outcome.end == .deadline)
      #expect(text(outcome.standardOutput) == "bye\n")
    }

    @Test func `the whole group of a late child is killed`() throws {
      let script = "(trap '' TERM; while :; do sleep 0.05; done) & echo $!; wait"
      let outcome = run(shell(script), deadline: host.now() + milliseconds(200))
      let pid = try #require(Int32(text(outcome.standardOutput).prefix { $0.isNumber }))
      #expect(outcome.end == .deadline)
      #expect(isSoonDead(pid))
    }

    @Test func `a late child that has left its group is killed`() {
      let script =
        "import os, time; os.setpgid(0, os.getpgid(os.getppid())); print('left', flush=True); time.sleep(100)"
      let command = ChildCommand(
        executable: "/usr/bin/env", arguments: ["python3", "-c", script], outputLimit: 100)
      let outcome = run(command, deadline: host.now() + milliseconds(3_000))
      #expect(outcome.end == .deadline && text(outcome.standardOutput) == "left\n")
    }

    @Test func `a late child does not take the others' outcome away`() {
      let outcomes = host.spawn([shell("exec sleep 100"), shell("echo done")], host.now() + milliseconds(300))
      #expect(outcomes.map(\.end) == [.deadline, .exited(0)])
      #expect(outcomes.last?.standardOutput == Array("done\n".utf8))
    }

    @Test(arguments: [Nanoseconds.min, 0, 1])
    func `a deadline in the past starts nothing and does not hang`(deadline: Nanoseconds) {
      withTemporaryDirectory { directory in
        let command = shell("trap '' TERM; touch \(directory)/started; exec sleep 100")
        #expect(run(command, deadline: deadline) == ChildOutcome(end: .deadline))
        #expect(names(in: directory).isEmpty)
      }
    }

    @Test func `the farthest deadline there is does not trap`() {
      #expect(run(shell("exit 4"), deadline: .max).end == .exited(4))
    }

    @Test func `a grandchild that keeps the pipe open is not waited for`() throws {
      let outcome = run(shell("sleep 100 & echo $!; exit 5"), deadline: farDeadline())
      #expect(outcome.end == .exited(5))
      let pid = try #require(Int32(text(outcome.standardOutput).prefix { $0.isNumber }))
      #expect(isSoonDead(pid))
    }

    @Test func `what a grandchild writes right after the end is kept`() {
      let outcome = run(shell("(sleep 0.02; echo late) & exit 0"))
      #expect(outcome.end == .exited(0))
      #expect(text(outcome.standardOutput) == "late\n")
    }

    @Test func `a child that closed its streams is still waited for`() {
      #expect(run(shell("exec >&- 2>&-; sleep 0.2; exit 6")).end == .exited(6))
      let late = run(shell("exec >&- 2>&-; exec sleep 100"), deadline: host.now() + milliseconds(200))
      #expect(late.end == .deadline)
    }

    @Test func `a stopped child is killed`() {
      #expect(run(shell("kill -STOP $$"), deadline: host.now() + milliseconds(200)).end == .deadline)
    }

    @Test func `an abandoned child is counted until it ends`() {
      var pid: pid_t = 0
      let arguments = [strdup("sleep"), strdup("100"), nil]
      defer { for argument in arguments { free(argument) } }
      #expect(posix_spawn(&pid, "/bin/sleep", nil, nil, arguments, nil) == 0)
      let table = AbandonedChildren()
      #expect(table.countStillRunning() == 0)
      table.remember(pid)
      #expect(table.countStillRunning() == 1)
      kill(pid, SIGKILL)
      let patience = farDeadline()
      while table.countStillRunning() > 0, host.now() < patience { pause(milliseconds(5)) }
      #expect(table.countStillRunning() == 0)
      #expect(waitpid(pid, nil, WNOHANG) == -1)
      #expect(host.abandonedChildren() == 0)
    }

    /// Whether a killed process ends within 5 s. It counts as ended as a zombie: in a container nobody may reap orphans.
    private func isSoonDead(_ pid: pid_t) -> Bool {
      let patience = host.now() + milliseconds(5_000)
      while host.now() < patience {
        guard case .bytes(let stat) = host.readFile("/proc/\(pid)/stat", 4_096) else { return true }
        if text(stat).contains(") Z") { return true }
        pause(milliseconds(2))
      }
      return false
    }
  }
}
