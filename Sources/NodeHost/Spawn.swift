import GPUSessions
import Glibc

/// Starts one program by `posix_spawn(3)`, in a process group of its own, with its output in two pipes.
///
/// Throws the errno of the first call that fails; nothing is left open then. Descriptors 0 to 2 of this
/// process must be open.
func startChild(_ command: ChildCommand) throws(SystemError) -> RunningChild {
  let output = try Pipe()
  let errors: Pipe
  do {
    errors = try Pipe()
  } catch {
    output.closeBoth()
    throw error
  }
  var pid: pid_t = 0
  let code = spawn(command, &pid, output: output.writeEnd, errors: errors.writeEnd)
  close(output.writeEnd)
  close(errors.writeEnd)
  guard code == 0 else {
    close(output.readEnd)
    close(errors.readEnd)
    throw SystemError(errno: code)
  }
  return RunningChild(
    pid: pid,
    output: Capture(output.readEnd, limit: command.outputLimit),
    errors: Capture(errors.readEnd, limit: command.outputLimit))
}

/// A pipe that no child inherits; its read end does not block.
private struct Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  /// By `pipe2(2)` and `fcntl(2)`; throws the errno.
  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try systemCall { pipe2(&ends, O_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
    // Only the read end: the write end becomes the child's output and must block there.
    _ = fcntl(readEnd, F_SETFL, O_RDONLY | O_NONBLOCK)
  }

  func closeBoth() {
    close(readEnd)
    close(writeEnd)
  }
}

/// `posix_spawn(3)` with arguments and environment; answers its errno, 0 if the child runs.
private func spawn(_ command: ChildCommand, _ pid: inout pid_t, output: Int32, errors: Int32) -> Int32 {
  let arguments = [command.executable] + command.arguments
  let overrides = command.environment.map { "\($0.key)=\($0.value)" }
  // C would cut them at the zero byte and run something else.
  guard !(arguments + overrides).contains(where: { $0.utf8.contains(0) }) else { return EINVAL }
  return withFileActions(output: output, errors: errors) { actions in
    withAttributes { attributes in
      withCStrings(arguments) { arguments in
        withCStrings(overrides) { overrides in
          let inherited = inheritedEnvironment(without: command.environment.keys)
          return posix_spawn(
            &pid, command.executable, actions, attributes, arguments + [nil], inherited + overrides + [nil])
        }
      }
    }
  }
}

/// Lends the descriptors of a child: `/dev/null`, the two pipes, and nothing from 3 up.
///
/// SMIResponses the errno of the first call that fails, else what `body` answers.
private func withFileActions(
  output: Int32, errors: Int32, _ body: (UnsafePointer<posix_spawn_file_actions_t>) -> Int32
) -> Int32 {
  var actions = posix_spawn_file_actions_t()
  var code = posix_spawn_file_actions_init(&actions)
  if code != 0 { return code }
  defer { posix_spawn_file_actions_destroy(&actions) }
  code = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  if code == 0 { code = posix_spawn_file_actions_adddup2(&actions, output, 1) }
  if code == 0 { code = posix_spawn_file_actions_adddup2(&actions, errors, 2) }
  if code == 0 { code = posix_spawn_file_actions_addclosefrom_np(&actions, 3) }
  return code == 0 ? body(&actions) : code
}

/// Lends the attributes of a child: its own group, every signal at its default, none blocked.
///
/// SMIResponses the errno of the first call that fails, else what `body` answers.
private func withAttributes(_ body: (UnsafePointer<posix_spawnattr_t>) -> Int32) -> Int32 {
  var attributes = posix_spawnattr_t()
  var code = posix_spawnattr_init(&attributes)
  if code != 0 { return code }
  defer { posix_spawnattr_destroy(&attributes) }
  var all = sigset_t()
  sigfillset(&all)
  var none = sigset_t()
  sigemptyset(&none)
  let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
  code = posix_spawnattr_setflags(&attributes, Int16(flags))
  if code == 0 { code = posix_spawnattr_setpgroup(&attributes, 0) }
  if code == 0 { code = posix_spawnattr_setsigdefault(&attributes, &all) }
  if code == 0 { code = posix_spawnattr_setsigmask(&attributes, &none) }
  return code == 0 ? body(&attributes) : code
}
