import GPUSessions
import Glibc

/// The published file in its directory, which is open, while its lock file is locked.
struct Publication {
  /// Descriptor of the directory.
  let directory: Int32
  let lock: LockFile
  let place: OutputPlace
  /// The path as the user wrote it, for errors.
  let path: String

  private var name: String { place.name }
  private var temporary: String { place.temporary }

  /// Writes the new contents to the temporary file and renames it, by `renameat(2)`.
  ///
  /// `started` (wall clock) becomes the modification time. Throws the step that failed, after removing the temporary
  /// file.
  func replace(_ contents: ByteProducer, _ started: Nanoseconds) throws(PublishError) -> PublishResult {
    let isNewer = try isNewerPresent(than: started)
    // Nobody else writes the temporary file while the lock is held: if there is one, a killed run left it.
    try unlinkIfThere(temporary)
    if isNewer { return .newerFileKept }
    do throws(PublishError) {
      try writeTemporary(contents, started)
      if !lock.isInPlace { throw PublishError(step: .keepLock, errno: 0, path: place.path(of: place.lock)) }
      try attempt(.rename) { renameat(directory, temporary, directory, name) }
    } catch {
      // If it could not be created, a file of that name belongs to somebody else.
      if error.step != .create { unlinkat(directory, temporary, 0) }
      throw error
    }
    // A failure is ignored: the new file is in place, and after a power failure the next run writes it again.
    fsync(directory)
    return .replaced
  }

  /// Removes the file and the temporary file, by `unlinkat(2)`, and returns whether the file existed.
  func remove() throws(PublishError) -> Bool {
    try unlinkIfThere(temporary)
    return try unlinkIfThere(name)
  }

  /// Whether the existing file was written by a run that started later, by its modification time (`fstatat(2)`).
  ///
  /// A time in the future comes from a clock that was wrong, and does not count. Throws if the file cannot be examined,
  /// and `.isDirectory` if it is a directory.
  private func isNewerPresent(than started: Nanoseconds) throws(PublishError) -> Bool {
    var status = stat()
    do throws(PublishError) {
      try attempt(.examine) { fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) }
    } catch {
      if error.errno == .noSuchFileOrDirectory { return false }
      throw error
    }
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR { throw PublishError(step: .rename, errno: .isDirectory, path: path) }
    let modified = Nanoseconds(status.st_mtim)
    return type == S_IFREG && modified > started && modified <= wallClock()
  }

  /// Removes a file if it exists, and returns whether it did.
  @discardableResult
  private func unlinkIfThere(_ file: String) throws(PublishError) -> Bool {
    do {
      try attempt(.clear) { unlinkat(directory, file, 0) }
      return true
    } catch {
      if error.errno != .noSuchFileOrDirectory { throw error }
      return false
    }
  }

  /// Creates the temporary file, writes the contents and waits until they are on the disk, by `openat(2)`, `write(2)` and
  /// `fsync(2)`.
  private func writeTemporary(_ contents: ByteProducer, _ started: Nanoseconds) throws(PublishError) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = try attempt(.create) { openat(directory, temporary, flags, 0o600) }
    defer { close(file) }
    try writeAll(file, contents)
    try attempt(.write) { fchmod(file, 0o644) }
    let times = [started.timespec, started.timespec]
    try attempt(.write) { futimens(file, times) }
    try attempt(.sync) { fsync(file) }
  }

  /// Writes the pieces until one cannot be written; throws the error of that one.
  private func writeAll(_ file: Int32, _ contents: ByteProducer) throws(PublishError) {
    var failure: PublishError?
    contents { piece in
      if failure != nil { return }
      do throws(PublishError) {
        try writeWhole(file, piece)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func writeWhole(_ file: Int32, _ contents: [UInt8]) throws(PublishError) {
    var offset = 0
    while offset < contents.count {
      offset += try attempt(.write) {
        contents.withUnsafeBytes { bytes in
          write(file, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
        }
      }
    }
  }

  /// Makes a system call; an error names the step.
  @discardableResult
  private func attempt<Result: BinaryInteger>(
    _ step: PublishError.Step, _ call: () -> Result
  ) throws(PublishError) -> Result {
    do {
      return try systemCall(call)
    } catch {
      throw PublishError(step: step, errno: error, path: path)
    }
  }
}
