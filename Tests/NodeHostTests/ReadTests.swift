import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Reading {
    @Test func `a file is read up to its limit, and not one byte more`() {
      withTemporaryDirectory { directory in
        let long = String(repeating: "x", count: 200_000)
        put("\(directory)/long", long)
        put("\(directory)/empty", "")
        #expect(host.readFile("\(directory)/long", 200_000) == .bytes(Array(long.utf8)))
        #expect(host.readFile("\(directory)/long", .max) == .bytes(Array(long.utf8)))
        #expect(host.readFile("\(directory)/long", 199_999) == .tooLong)
        #expect(host.readFile("\(directory)/long", 65_536) == .tooLong)
        #expect(host.readFile("\(directory)/empty", 0) == .bytes([]))
        #expect(host.readFile("\(directory)/empty", -1) == .bytes([]))
      }
    }

    @Test func `only a regular file is read, and a FIFO does not block`() {
      withTemporaryDirectory { directory in
        put("\(directory)/file", "x")
        symlink("file", "\(directory)/link")
        mkfifo("\(directory)/fifo", 0o600)
        #expect(host.readFile("\(directory)/link", 10) == .failed(.tooManySymbolicLinks))
        #expect(host.readFile("\(directory)/fifo", 10) == .failed(.invalidArgument))
        #expect(host.readFile(directory, 10) == .failed(.invalidArgument))
        #expect(host.readFile("/dev/zero", 10) == .failed(.invalidArgument))
        #expect(host.readFile("\(directory)/missing", 10) == .absent)
        #expect(host.readFile("\(directory)/file/below", 10) == .absent)
      }
    }

    @Test func `the files of a process are read below its directory`() {
      var comm: FileRead?
      var missing: FileRead?
      var short: FileRead?
      let opened = host.openProcesses("/proc")(getpid()) { read in
        comm = read("stat", 4_096)
        missing = read("no-such-file", 10)
        short = read("stat", 3)
      }
      #expect(opened == .opened)
      guard case .bytes(let bytes) = comm else {
        Issue.record("stat of this process was not read")
        return
      }
      #expect(text(bytes).hasPrefix("\(getpid()) ("))
      #expect(missing == .absent)
      #expect(short == .tooLong)
    }

    @Test(arguments: [Int32.max, 0, -1])
    func `a process that is not there is absent`(pid: Int32) {
      #expect(host.openProcesses("/proc")(pid) { _ in Issue.record("called") } == .absent)
    }

    @Test func `processes are read one inside the other, and through a directory that is no longer there`() {
      withTemporaryDirectory { directory in
        mkdir("\(directory)/proc", 0o755)
        for pid in ["7", "4194304"] {
          mkdir("\(directory)/proc/\(pid)", 0o755)
          put("\(directory)/proc/\(pid)/stat", "\(pid) (a)")
        }
        let withProcess = host.openProcesses("\(directory)/proc")
        rename("\(directory)/proc", "\(directory)/moved")
        var found: [FileRead] = []
        let opened = withProcess(7) { outer in
          #expect(withProcess(4_194_304) { found.append($0("stat", 100)) } == .opened)
          found.append(outer("stat", 100))
        }
        #expect(opened == .opened)
        #expect(found == [.bytes(Array("4194304 (a)".utf8)), .bytes(Array("7 (a)".utf8))])
        #expect(host.openProcesses("\(directory)/proc")(7) { _ in Issue.record("called") } == .absent)
      }
    }

    @Test(arguments: [4_095, 4_096, 4_097, 8_192, 100_000])
    func `a file of a process is read whole, however long`(length: Int) {
      withTemporaryDirectory { directory in
        let contents = String(repeating: "x", count: length)
        mkdir("\(directory)/7", 0o755)
        put("\(directory)/7/cmdline", contents)
        var found: [FileRead] = []
        _ = host.openProcesses(directory)(7) { read in
          found = [read("cmdline", length), read("cmdline", length - 1), read("cmdline", 0)]
        }
        #expect(found == [.bytes(Array(contents.utf8)), .tooLong, .tooLong])
      }
    }

    @Test func `a process that ends while its directory is held is absent`() {
      var pid: pid_t = 0
      let arguments = [strdup("sleep"), strdup("100"), nil]
      defer { for argument in arguments { free(argument) } }
      #expect(posix_spawn(&pid, "/bin/sleep", nil, nil, arguments, nil) == 0)
      let opened = host.openProcesses("/proc")(pid) { read in
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        #expect(read("stat", 4_096) == .absent)
      }
      #expect(opened == .opened)
    }

    @Test func `a link is read and not followed`() {
      withTemporaryDirectory { directory in
        symlink("/nowhere/at all", "\(directory)/link")
        put("\(directory)/file", "x")
        #expect(host.readLink("\(directory)/link") == .bytes(Array("/nowhere/at all".utf8)))
        #expect(host.readLink("\(directory)/file") == .absent)
        #expect(host.readLink("\(directory)/missing") == .absent)
      }
    }

    @Test func `a listing has every name`() {
      withTemporaryDirectory { directory in
        put("\(directory)/.hidden", "x")
        mkdir("\(directory)/below", 0o755)
        symlink("gone", "\(directory)/a")
        symlink("/etc/passwd", "\(directory)/b")
        put("\(directory)/...", "x")
        #expect(names(in: directory) == ["...", ".hidden", "a", "b", "below"])
      }
    }

    @Test func `names that are not UTF-8 come back byte for byte`() {
      withTemporaryDirectory { directory in
        let name: [UInt8] = [0xff, 0x0a, 0x22]
        let path = (Array(directory.utf8) + [0x2f] + name + [0]).map { CChar(bitPattern: $0) }
        close(open(path, O_WRONLY | O_CREAT, 0o644))
        #expect(host.listDirectory(directory) == .entries([name[...]]))
      }
    }

    @Test func `a directory that is not there is absent`() {
      #expect(host.listDirectory("/nonexistent") == .absent)
      #expect(host.listDirectory("/etc/passwd") == .absent)
      #expect(host.listDirectory("/proc/self/fd/0/x") != .entries([]))
    }

    @Test func `a moment beyond what nanoseconds hold is the last one there is`() {
      #expect(Nanoseconds(timespec(tv_sec: .max, tv_nsec: 1)) == .max)
      #expect(Nanoseconds(timespec(tv_sec: .min, tv_nsec: 1)) == .min)
      #expect(Nanoseconds(-1).timespec.tv_nsec == 999_999_999)
      #expect(Nanoseconds(Nanoseconds(-1).timespec) == -1)
      #expect(Nanoseconds(Nanoseconds.min.timespec) == .min)
    }
  }
}
