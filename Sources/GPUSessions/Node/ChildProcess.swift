/// One program to run. It gets `/dev/null` as standard input, a process group of its own, and default signal handling.
package struct ChildCommand: Sendable, Equatable {
  /// An absolute path, or a path relative to the working directory that contains a `/`. `PATH` is not searched.
  package var executable: String
  /// The arguments after the program's name.
  package var arguments: [String]
  /// Variables that are set in the child in addition to the inherited environment.
  package var environment: [String: String]
  /// Number of bytes kept of each output stream. A child that writes more is killed.
  package var outputLimit: Int

  package init(
    executable: String, arguments: [String], environment: [String: String] = [:], outputLimit: Int
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.outputLimit = outputLimit
  }
}

/// How a child process ended, and what it wrote before that.
package struct ChildOutcome: Sendable, Equatable {
  /// Why the child is no longer waited for.
  package enum End: Sendable, Equatable {
    /// It exited with this status.
    case exited(Int32)
    /// It was ended by this signal.
    case signaled(Int32)
    /// It was killed because the deadline had passed.
    case deadline
    /// It was killed because the deadline had passed, and has not ended since: it is stuck in the kernel (state D).
    case abandoned
    /// It was killed because one of its streams passed ``ChildCommand/outputLimit``.
    case outputLimit
    /// It was killed because this process received SIGTERM or SIGINT.
    case terminated
    /// It could not be started, or its output or its exit status could not be read.
    case notStarted(Errno)
  }

  package var end: End
  package var standardOutput: [UInt8]
  package var standardError: [UInt8]

  package init(end: End, standardOutput: [UInt8] = [], standardError: [UInt8] = []) {
    self.end = end
    self.standardOutput = standardOutput
    self.standardError = standardError
  }
}
