import GPUSessions
import Glibc

/// The lock file of a published file, locked by this process with `flock(2)`.
///
/// It lies beside the published file. Whoever can open a file or a directory for reading can lock it, and so hold up all
/// who wait for that lock. This file can be opened by its owner and root only (mode 0600), and it exists only while it is
/// held: a process that opened it earlier holds the lock of a file that has no name any more.
struct LockFile {
  private let directory: Int32
  private let name: String
  private let descriptor: Int32
  private let identity: FileIdentity

  /// The result of one try.
  enum Attempt {
    case taken(LockFile)
    /// Another process holds the lock on this file.
    case held(FileIdentity)
    /// The file was removed or replaced meanwhile.
    case gone
  }

  /// Creates and locks the lock file of `place` in the open directory. Tries every 10 ms.
  ///
  /// Throws errno 0 and the holder, if it is known, if the lock is still held after `wait`.
  static func take(
    _ place: OutputPlace, in directory: Int32, wait: Nanoseconds
  ) throws(PublishError) -> LockFile {
    let last = bootClock() + wait
    while true {
      let attempt = try tryOnce(place, in: directory)
      if case .taken(let lock) = attempt { return lock }
      guard bootClock() < last else { throw timedOut(attempt, place) }
      pause(10 * .perMillisecond)
    }
  }

  private static func timedOut(_ attempt: Attempt, _ place: OutputPlace) -> PublishError {
    var error = PublishError(step: .lock, errno: 0, path: place.path(of: place.lock))
    if case .held(let file) = attempt { error.holder = lockHolder(of: file) }
    return error
  }

  /// Opens or creates the file and locks it, by `openat(2)`, `fstat(2)`, `flock(2)` and `fstatat(2)`.
  private static func tryOnce(_ place: OutputPlace, in directory: Int32) throws(PublishError) -> Attempt {
    guard let (descriptor, isNew) = try openLock(place, in: directory) else { return .gone }
    do throws(PublishError) {
      let attempt = try lock(descriptor, isNew, place, in: directory)
      if case .taken = attempt { return attempt }
      close(descriptor)
      return attempt
    } catch {
      if isNew { unlinkat(directory, place.lock, 0) }
      close(descriptor)
      throw error
    }
  }

  private static func lock(
    _ descriptor: Int32, _ isNew: Bool, _ place: OutputPlace, in directory: Int32
  ) throws(PublishError) -> Attempt {
    let path = place.path(of: place.lock)
    let status = try locking(path) { () throws(Errno) in try fileStatus(of: descriptor) }
    // Some file systems give every file the same owner and mode: what was just created is ours all the same.
    if !isNew, !isPrivate(status) {
      try remove(place, in: directory)
      return .gone
    }
    let file = FileIdentity(status)
    guard try locking(path, { () throws(Errno) in try tryLock(descriptor) }) else { return .held(file) }
    let lock = LockFile(directory: directory, name: place.lock, descriptor: descriptor, identity: file)
    return lock.isInPlace ? .taken(lock) : .gone
  }

  /// Names the step `lock` in an error of `body`.
  private static func locking<Result>(
    _ path: String, _ body: () throws(Errno) -> Result
  ) throws(PublishError) -> Result {
    do {
      return try body()
    } catch {
      throw PublishError(step: .lock, errno: error, path: path)
    }
  }

  /// Opens the lock file, or creates it with mode 0600 whatever the umask; `nil` if another one has its name now.
  ///
  /// What cannot be the lock file of an earlier run (a link, a socket, a file that this user may not open) is removed.
  private static func openLock(
    _ place: OutputPlace, in directory: Int32
  ) throws(PublishError) -> (descriptor: Int32, isNew: Bool)? {
    let output = place.path(of: place.name)
    do {
      // A lock on NFS needs a descriptor for writing.
      let flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
      return (try systemCall { openat(directory, place.lock, flags) }, false)
    } catch {
      switch error {
      case .noSuchFileOrDirectory: break
      case .tooManySymbolicLinks, .permissionDenied, .noSuchDevice, .isDirectory:
        try remove(place, in: directory)
        return nil
      default: throw PublishError(step: .create, errno: error, path: output)
      }
    }
    do {
      let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
      let descriptor = try systemCall { openat(directory, place.lock, flags, 0o600) }
      // The umask only takes bits away. A file without them is removed by the next run.
      fchmod(descriptor, 0o600)
      return (descriptor, true)
    } catch {
      if error == .fileExists { return nil }
      throw PublishError(step: .create, errno: error, path: output)
    }
  }

  /// Removes what stands in the place of the lock file and is not this user's, by `unlinkat(2)`.
  private static func remove(_ place: OutputPlace, in directory: Int32) throws(PublishError) {
    do {
      try systemCall { unlinkat(directory, place.lock, 0) }
    } catch {
      if error == .noSuchFileOrDirectory { return }
      throw PublishError(step: .replaceLock, errno: error, path: place.path(of: place.lock))
    }
  }

  /// Whether the lock file still has its name. If not, somebody removed it, and another run may have locked a new one.
  var isInPlace: Bool { FileIdentity(in: directory, name) == identity }

  /// Removes the lock file and releases the lock. Whoever waits for it notices that and creates a new one.
  func release() {
    // A failure is ignored: the next run uses the file that stays.
    if isInPlace { _ = try? systemCall { unlinkat(directory, name, 0) } }
    close(descriptor)
  }
}

/// Whether the file is a regular one of this user, with no permission for anybody else.
func isPrivate(_ status: stat) -> Bool {
  status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
}

/// Locks a file for this process alone, by `flock(2)`; returns `false` if another process holds a lock on it.
func tryLock(_ descriptor: Int32) throws(Errno) -> Bool {
  do {
    try systemCall { flock(descriptor, LOCK_EX | LOCK_NB) }
    return true
  } catch {
    if error == .wouldBlock { return false }
    throw error
  }
}
