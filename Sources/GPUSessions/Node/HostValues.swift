/// What reading one file gave.
package enum FileRead: Sendable, Equatable {
  case bytes([UInt8])
  /// ENOENT, ESRCH or ENOTDIR: there is no such file, or its process is gone.
  case absent
  /// Not read, with the errno (EACCES, ELOOP, EIO, …).
  case failed(Int32)
  /// Longer than the limit; nothing of it is given.
  case tooLong

  /// What was read; `nil` for whatever reason it was not.
  package var contents: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }
}

/// What opening a process directory gave.
package enum DirectoryOpened: Sendable, Equatable {
  case opened
  case absent
  case failed(Int32)
}

/// What listing one directory gave.
package enum DirectoryRead<Entries: Sendable & Equatable>: Sendable, Equatable {
  case entries(Entries)
  case absent
  case failed(Int32)
}

/// Whose a file or a directory is, and who may do what with it.
package struct FileStatus: Sendable, Equatable {
  /// Permission bits, 0 to 0o7777.
  package var mode: UInt32
  package var owner: UInt32
  /// Why this process cannot make a file in it, as an errno; `nil` if it can.
  package var writeFailure: Int32?

  package init(mode: UInt32, owner: UInt32, writeFailure: Int32? = nil) {
    self.mode = mode
    self.owner = owner
    self.writeFailure = writeFailure
  }

  /// `0644`.
  var octal: String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  var isReadableByOthers: Bool { mode & 0o4 != 0 }

  /// Whether a user may list the directory: not so only where no class of users that it can be in may.
  func isReadable(by uid: UInt32) -> Bool {
    if uid == 0 || mode & 0o005 == 0o005 || mode & 0o050 == 0o050 { return true }
    return uid == owner && mode & 0o500 == 0o500
  }
}

/// One program to run. It gets `/dev/null` as input, its own process group and a default signal mask.
package struct ChildCommand: Sendable, Equatable {
  /// Absolute path, or one relative to the working directory that contains a `/`.
  package var executable: String
  /// Without the program's own name.
  package var arguments: [String]
  /// Set in the child on top of the inherited environment.
  package var environment: [String: String]
  /// Bytes kept of each stream. A child that writes more is killed.
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

/// How a child ended and what it wrote until then.
package struct ChildOutcome: Sendable, Equatable {
  /// Why the child is no longer waited for.
  package enum End: Sendable, Equatable {
    case exited(Int32)
    case signaled(Int32)
    /// Killed because the deadline had passed, and reaped.
    case deadline
    /// Killed because the deadline had passed, and still not dead (D state): left alone.
    case abandoned
    /// Killed because one of its streams passed ``ChildCommand/outputLimit``.
    case outputLimit
    /// Killed because this process was asked to end (SIGTERM).
    case terminated
    /// `posix_spawn` failed with this errno, or the child's output or its end could not be read.
    case notStarted(Int32)
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

/// What publishing came to.
package enum PublishResult: Sendable, Equatable {
  case replaced
  /// The file there belongs to a run that started later; it stays.
  case newerFileKept
}

/// Why a file could not be published; the previous one is untouched.
package struct PublishError: Error, Sendable, Equatable {
  /// The step that failed.
  package enum Step: Sendable, Equatable {
    case openDirectory, lock, examine, clear, create, write, sync, rename
  }

  package var step: Step
  /// 0 for a lock that others held for 5 s.
  package var errno: Int32
  /// The directory for `openDirectory` and `lock`, else the file.
  package var path: String

  package init(step: Step, errno: Int32, path: String) {
    self.step = step
    self.errno = errno
    self.path = path
  }
}
