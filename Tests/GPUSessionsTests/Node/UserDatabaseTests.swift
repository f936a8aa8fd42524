import GPUSessions
import Testing

@Suite struct UserDatabaseTests {
  private let passwd = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n"

  private func names(
    _ uids: Set<UInt32>, hostRoot: String = "/", executables: Set<String> = ["/usr/bin/getent"],
    path: String = "/usr/bin", spawn: @escaping @Sendable ([ChildCommand], Nanoseconds) -> [ChildOutcome]
  ) -> [UInt32: String] {
    let files = ["/etc/passwd": passwd, "/host/etc/passwd": passwd]
    let host = fakeHost(files: files, executables: executables, path: path, spawn: spawn)
    var options = Options()
    options.hostRoot = hostRoot
    return UserDatabase(host: host, options: options, deadline: 45 * Nanoseconds.perSecond).names(of: uids)
  }

  private func unexpected(_ commands: [ChildCommand], _ deadline: Nanoseconds) -> [ChildOutcome] {
    Issue.record("asked \(commands)")
    return []
  }

  @Test func getentIsAskedOnceForThoseMissing() {
    let found = names([0, 1000, 70_042, 70_007]) { commands, deadline in
      #expect(commands.map(\.executable) == ["/usr/bin/getent"])
      #expect(commands.map(\.arguments) == [["passwd", "70007", "70042"]])
      #expect(deadline == 5 * Nanoseconds.perSecond)
      let output = Array("grace:*:70042:70042:Grace:/home/grace:/bin/sh\nroot:*:1000:0:::\n".utf8)
      return [ChildOutcome(end: .exited(2), standardOutput: output)]
    }
    #expect(found == [0: "root", 1000: "ada", 70_042: "grace", 70_007: "70007"])
  }

  @Test(arguments: [ChildOutcome.End.deadline, .abandoned, .outputLimit, .signaled(11), .notStarted(2)])
  func aGetentThatDoesNotEndTellsNothing(end: ChildOutcome.End) {
    let output = Array("grace:*:70042:70042:::\n".utf8)
    #expect(names([70_042]) { _, _ in [ChildOutcome(end: end, standardOutput: output)] } == [70_042: "70042"])
  }

  @Test func getentIsNotAskedWithoutNeed() {
    #expect(names([], spawn: unexpected).isEmpty)
    #expect(names([0, 1000], spawn: unexpected) == [0: "root", 1000: "ada"])
    #expect(names([7], hostRoot: "/host", spawn: unexpected) == [7: "7"])
    #expect(names([7], executables: [], spawn: unexpected) == [7: "7"])
    #expect(names([7], executables: ["./getent"], path: ".", spawn: unexpected) == [7: "7"])
  }
}
