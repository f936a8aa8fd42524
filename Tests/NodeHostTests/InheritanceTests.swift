import GPUSessions
import Glibc
import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Inheritance {
    @Test func `a child sees three descriptors and no other`() {
      // Without O_CLOEXEC: children must not inherit descriptors that somebody has left open.
      let leaked = open("/dev/null", O_RDONLY)
      defer { close(leaked) }
      let outcome = run(shell("exec ls -l /proc/self/fd"))
      let links = text(outcome.standardOutput).split(separator: "\n").dropFirst()
      // `ls` has opened the directory itself, on the lowest free descriptor.
      let inherited = links.filter { !$0.hasSuffix("/fd") }
        .compactMap { $0.split(separator: " ").dropFirst(8).first }
      #expect(inherited == ["0", "1", "2"])
      #expect(links.first?.hasSuffix(" 0 -> /dev/null") == true)
    }

    @Test func `fifty children leave no descriptor behind`() {
      let before = names(in: "/proc/self/fd").count
      for round in 0..<50 {
        let outcome = run(round % 2 == 0 ? shell("echo x") : shell("cat /dev/zero", limit: 1))
        #expect(outcome.end == (round % 2 == 0 ? .exited(0) : .outputLimit))
        _ = run(ChildCommand(executable: "/nonexistent/x", arguments: [], outputLimit: 1))
      }
      // Tests of other targets may run at the same time and hold a few descriptors. A leak would be one per round.
      #expect(names(in: "/proc/self/fd").count < before + 50)
    }

    @Test func `the environment is inherited and overridden`() throws {
      let path = try #require(host.environment("PATH"))
      let script = "printf '%s|' \"$PATH\" \"$LC_ALL\" \"$NODEHOST_NEW\"; env | grep -c ^LC_ALL="
      setenv("LC_ALL", "POSIX", 1)
      let outcome = run(shell(script, environment: ["LC_ALL": "C", "NODEHOST_NEW": "a=b c"]))
      #expect(text(outcome.standardOutput) == "\(path)|C|a=b c|1\n")
    }

    @Test func `a variable stays whose name begins with that of an overridden one`() {
      setenv("NODEHOST_LONG", "kept", 1)
      setenv("NODEHOST_LONGER", "too", 1)
      let outcome = run(shell("echo $NODEHOST_LONG $NODEHOST_LONGER", environment: ["NODEHOST_LONG": "new"]))
      #expect(text(outcome.standardOutput) == "new too\n")
    }

    @Test func `a variable that is not set is nil, an empty one is empty`() {
      #expect(host.environment("NODEHOST_NOT_SET") == nil)
      setenv("NODEHOST_EMPTY", "", 1)
      #expect(host.environment("NODEHOST_EMPTY")?.isEmpty == true)
    }

    @Test func `a child has its own group, default signals and an empty mask`() {
      withTermHeldBack {
        let previous = signal(SIGPIPE, SIG_IGN)
        let outcome = run(shell("exec grep -E '^Sig(Blk|Ign)' /proc/self/status"))
        let group = run(shell("read _ _ _ _ group _ < /proc/$$/stat; test $group = $$"))
        signal(SIGPIPE, previous)
        #expect(group.end == .exited(0))
        // In children of posix_spawn(3) glibc ignores its two internal signals, 32 and 33.
        let allowed = ["0000000000000000", "0000000180000000"].map {
          "SigBlk:\t0000000000000000\nSigIgn:\t\($0)\n"
        }
        #expect(allowed.contains(text(outcome.standardOutput)))
      }
    }

    @Test func `a program is executable, a plain file or a directory is not`() {
      withTemporaryDirectory { directory in
        put("\(directory)/plain", "x")
        put("\(directory)/program", "x")
        chmod("\(directory)/program", 0o755)
        symlink("program", "\(directory)/link")
        #expect(host.isExecutable("\(directory)/program"))
        #expect(host.isExecutable("\(directory)/link"))
        #expect(!host.isExecutable("\(directory)/plain"))
        #expect(!host.isExecutable(directory))
        #expect(!host.isExecutable("\(directory)/missing"))
      }
    }
  }
}
