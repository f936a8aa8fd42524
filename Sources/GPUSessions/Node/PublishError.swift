/// What publishing a file did.
package enum PublishResult: Sendable, Equatable {
  /// The new file is in place.
  case replaced
  /// The existing file was written by a run that started later, and was kept.
  case newerFileKept
}

/// Why a file could not be published or removed. The previous file is unchanged.
package struct PublishError: Error, Sendable, Equatable {
  /// The step that failed.
  package enum Step: Sendable, Equatable {
    /// Opening the directory.
    case openDirectory
    /// Locking the lock file.
    case lock
    /// Removing what stands in the lock file's place and is not this user's.
    case replaceLock
    /// Renaming, because the lock file was removed or replaced meanwhile: another run may be publishing.
    case keepLock
    /// Reading the modification time of the existing file.
    case examine
    /// Removing a temporary file of an earlier run, or the published file.
    case clear
    /// Creating the lock file or the temporary file.
    case create
    case write, sync, rename
  }

  package var step: Step
  /// The error of the system call; 0 if another process held the lock for 5 s.
  package var errno: Errno
  /// Path of the directory for the step `openDirectory`, of the lock file for `lock`, `replaceLock` and `keepLock`, otherwise
  /// of the published file.
  package var path: String
  /// The process that held the lock for 5 s, if it is known.
  package var holder: LockHolder?

  package init(step: Step, errno: Errno, path: String) {
    self.step = step
    self.errno = errno
    self.path = path
  }
}
