import GPUSessions
@testable import NodeHost
import Testing

extension LiveHostTests {
  /// The second thread. That it ends a process that hangs is tested by Tests/Faults/test_hanging.py.
  @Suite struct Watching {
    @Test func `what ends in time is not disturbed`() {
      var count = 0
      for _ in 0..<50 {
        host.watch(farDeadline(), { _ in 1 }, { count += 1 })
      }
      #expect(count == 50)
    }

    @Test func `it ends soon afterwards`() {
      let before = names(in: "/proc/self/task").count
      for _ in 0..<50 { host.watch(farDeadline(), { _ in 1 }, {}) }
      pause(milliseconds(500))
      #expect(names(in: "/proc/self/task").count < before + 25)
    }

    @Test func `results get out of the body`() {
      var result = ""
      host.watch(farDeadline(), { _ in 1 }, { result = "done" })
      #expect(result == "done")
    }
  }
}
