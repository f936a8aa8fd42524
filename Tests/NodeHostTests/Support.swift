import GPUSessions
import Glibc
import NodeHost
import Testing

/// All tests of this target. They run in sequence, because they use descriptors and signals of the whole process.
@Suite(.serialized)
struct LiveHostTests {}

let host = Host.live

/// Returns a deadline that no child is meant to reach: in a minute.
func farDeadline() -> Nanoseconds { host.now() + 60_000_000_000 }

func milliseconds(_ count: Int64) -> Nanoseconds { count * 1_000_000 }

/// Returns the command that runs a script with `/bin/sh -c`.
func shell(
  _ script: String, _ arguments: [String] = [], environment: [String: String] = [:], limit: Int = 1 << 20
) -> ChildCommand {
  ChildCommand(
    executable: "/bin/sh", arguments: ["-c", script, "sh"] + arguments, environment: environment,
    outputLimit: limit)
}

/// Runs one child to its end.
func run(_ command: ChildCommand, deadline: Nanoseconds? = nil) -> ChildOutcome {
  host.spawn([command], deadline ?? farDeadline()).first ?? ChildOutcome(end: .notStarted(-1))
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Calls `body` with a new directory in `/tmp`, and removes it with its contents afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) rethrows -> Result {
  var template = Array("/tmp/nodehost.XXXXXX".utf8CString)
  let path = template.withUnsafeMutableBufferPointer { buffer in
    buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/nonexistent"
  }
  defer { _ = run(shell("rm -rf -- \"$1\"", [path])) }
  return try body(path)
}

/// Writes a file without the code under test.
func put(_ path: String, _ contents: String) {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  _ = write(file, contents, contents.utf8.count)
  close(file)
}

func status(_ path: String) -> stat {
  var result = stat()
  lstat(path, &result)
  return result
}

func names(in path: String) -> [String] {
  guard case .entries(let names) = host.listDirectory(path) else { return ["(unreadable)"] }
  return names.map { text(Array($0)) }.sorted()
}

/// A thread that runs a closure.
struct Worker {
  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private var thread = pthread_t()

  init(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work)
  }

  func join() { pthread_join(thread, nil) }
}

/// Runs a body with SIGTERM blocked on this thread, and discards pending ones afterwards.
func withTermHeldBack(_ body: () -> Void) {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGTERM)
  var previous = sigset_t()
  pthread_sigmask(SIG_BLOCK, &signals, &previous)
  body()
  var none = timespec()
  while sigtimedwait(&signals, nil, &none) > 0 {}
  pthread_sigmask(SIG_SETMASK, &previous, nil)
}

extension Host {
  /// Publishes contents that are a single piece.
  func publish(_ path: String, _ contents: [UInt8], _ started: Nanoseconds) throws(PublishError) -> PublishResult {
    try publish(path, { write in write(contents) }, started)
  }
}
