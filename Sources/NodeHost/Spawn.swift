import GPUSessions
import Glibc

/// Starts one program in a process group of its own, with its output in two pipes.
///
/// Descriptors 0 to 2 of this process must be open. Throws the errno of the first call that fails, after closing all
/// descriptors.
func startChild(_ command: ChildCommand) throws(Errno) -> RunningChild {
  let output = try Pipe()
  let errors: Pipe
  do {
    errors = try Pipe()
  } catch {
    output.closeBoth()
    throw error
  }
  do throws(Errno) {
    let pid = try spawn(command, output: output.writeEnd, errors: errors.writeEnd)
    // As long as this process held the write ends, it would never see the end of the streams.
    close(output.writeEnd)
    close(errors.writeEnd)
    return RunningChild(
      pid: pid,
      output: Capture(output.readEnd, limit: command.outputLimit),
      errors: Capture(errors.readEnd, limit: command.outputLimit))
  } catch {
    output.closeBoth()
    errors.closeBoth()
    throw error
  }
}

/// A pipe that children do not inherit. Its read end does not block.
private struct Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  /// Makes a pipe, by `pipe2(2)` and `fcntl(2)`.
  init() throws(Errno) {
    var ends: [Int32] = [-1, -1]
    try systemCall { pipe2(&ends, O_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
    // The write end becomes the child's output, and writes to that must block.
    _ = fcntl(readEnd, F_SETFL, O_RDONLY | O_NONBLOCK)
  }

  func closeBoth() {
    close(readEnd)
    close(writeEnd)
  }
}

/// Starts the program, by `posix_spawn(3)`, and returns its PID.
private func spawn(_ command: ChildCommand, output: Int32, errors: Int32) throws(Errno) -> pid_t {
  let arguments = [command.executable] + command.arguments
  let overrides = command.environment.map { "\($0.key)=\($0.value)" }
  // C would end these strings at a zero byte, and something else would be run.
  if (arguments + overrides).contains(where: { $0.utf8.contains(0) }) { throw .invalidArgument }
  var pid: pid_t = 0
  try withFileActions(output: output, errors: errors) { actions throws(Errno) in
    try withAttributes { attributes throws(Errno) in
      try withCStrings(arguments) { arguments throws(Errno) in
        try withCStrings(overrides) { overrides throws(Errno) in
          let environment = inheritedEnvironment(without: command.environment.keys) + overrides + [nil]
          try check(posix_spawn(&pid, command.executable, actions, attributes, arguments + [nil], environment))
        }
      }
    }
  }
  return pid
}

/// Calls `body` with the descriptors of a child: `/dev/null`, the two pipes, and none from 3 up.
private func withFileActions(
  output: Int32, errors: Int32, _ body: (UnsafePointer<posix_spawn_file_actions_t>) throws(Errno) -> Void
) throws(Errno) {
  var actions = posix_spawn_file_actions_t()
  try check(posix_spawn_file_actions_init(&actions))
  defer { posix_spawn_file_actions_destroy(&actions) }
  try check(posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0))
  try check(posix_spawn_file_actions_adddup2(&actions, output, 1))
  try check(posix_spawn_file_actions_adddup2(&actions, errors, 2))
  try check(posix_spawn_file_actions_addclosefrom_np(&actions, 3))
  try body(&actions)
}

/// Calls `body` with the attributes of a child: a process group of its own, every signal at its default action, and none
/// blocked.
private func withAttributes(_ body: (UnsafePointer<posix_spawnattr_t>) throws(Errno) -> Void) throws(Errno) {
  var attributes = posix_spawnattr_t()
  try check(posix_spawnattr_init(&attributes))
  defer { posix_spawnattr_destroy(&attributes) }
  var all = sigset_t()
  sigfillset(&all)
  var none = sigset_t()
  sigemptyset(&none)
  let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
  try check(posix_spawnattr_setflags(&attributes, Int16(flags)))
  try check(posix_spawnattr_setpgroup(&attributes, 0))
  try check(posix_spawnattr_setsigdefault(&attributes, &all))
  try check(posix_spawnattr_setsigmask(&attributes, &none))
  try body(&attributes)
}
