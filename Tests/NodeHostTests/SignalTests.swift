import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Signals {
    @Test func `a signal that came is seen by all who ask, as often as they ask`() {
      withTermHeldBack {
        #expect(!host.isTerminated())
        raise(SIGTERM)
        #expect(host.isTerminated())
        #expect(host.sleep(.max))
        #expect(host.isTerminated())
        #expect(run(shell("exec sleep 100")) == ChildOutcome(end: .terminated))
      }
      #expect(!host.isTerminated())
    }

    @Test func `a signal ends a sleep and stays to be seen`() {
      withTermHeldBack {
        let killer = signalSoon()
        #expect(host.sleep(farDeadline()))
        #expect(host.isTerminated())
        killer.join()
      }
    }

    @Test func `a signal kills the children that are waited for`() {
      withTermHeldBack {
        let deadline = farDeadline()
        let killer = signalSoon()
        let outcomes = host.spawn(
          [shell("trap '' TERM; echo here; while :; do sleep 0.05; done"), shell("exec sleep 100")], deadline)
        #expect(outcomes.map(\.end) == [.terminated, .terminated])
        #expect(host.now() < deadline)
        killer.join()
      }
    }

    @Test func `a sleep lasts until its moment and not less`() {
      let moment = host.now() + milliseconds(50)
      #expect(!host.sleep(moment))
      #expect(host.now() >= moment)
      #expect(!host.sleep(.min))
    }

    @Test func `an ignored signal gets its default back, a handler stays`() {
      signal(SIGUSR2, SIG_IGN)
      signal(SIGUSR1) { _ in }
      resetIgnoredSignals(min(SIGUSR1, SIGUSR2)...max(SIGUSR1, SIGUSR2))
      // signal(2) returns the previous disposition.
      #expect(signal(SIGUSR2, SIG_DFL) == nil)
      #expect(signal(SIGUSR1, SIG_DFL) != nil)
    }

    @Test func `only SIGTERM and SIGINT are held back, whatever was`() {
      let worker = Worker {
        var mask = sigset_t()
        sigfillset(&mask)
        pthread_sigmask(SIG_SETMASK, &mask, nil)
        blockTerminationOnly()
        pthread_sigmask(SIG_SETMASK, nil, &mask)
        #expect((1...64).filter { sigismember(&mask, $0) == 1 } == [SIGINT, SIGTERM])
      }
      worker.join()
    }

    @Test func `the clocks go`() {
      let (boot, wall) = (host.now(), host.wallClock())
      #expect(boot > 0)
      #expect(host.now() >= boot)
      // 2020-01-01 in nanoseconds since 1970.
      #expect(wall > 1_577_836_800_000_000_000)
    }

    /// Sends SIGTERM to this thread after 100 ms.
    private func signalSoon() -> Worker {
      let target = pthread_self()
      return Worker {
        usleep(100_000)
        pthread_kill(target, SIGTERM)
      }
    }
  }
}
