import GPUSessions
import Glibc

/// One replacement of a file below an open and locked directory.
struct Publication {
  let directory: Int32
  let name: String
  /// As the user wrote it, for errors.
  let path: String

  /// Under the lock one name is enough: what lies there was left by a run that was killed.
  /// node_exporter reads only `*.prom`.
  private var temporary: String { ".\(name).tmp" }

  /// Writes the new file beside the old one and renames it, by `renameat(2)`.
  ///
  /// Throws the step that failed; the temporary is gone then.
  func replace(_ contents: ByteProducer, _ started: Nanoseconds) throws(PublishError) -> PublishResult {
    let isNewer = try isNewerPresent(than: started)
    // What a killed run has left.
    try unlinkIfThere(temporary)
    if isNewer { return .newerFileKept }
    do throws(PublishError) {
      try writeTemporary(contents, started)
      try attempt(.rename) { renameat(directory, temporary, directory, name) }
    } catch {
      // A file that could not be created is nobody's to remove.
      if error.step != .create { unlinkat(directory, temporary, 0) }
      throw error
    }
    // The new file is in its place: what a failure here could lose, the next run makes again.
    fsync(directory)
    return .replaced
  }

  /// Removes the file and the temporary, by `unlinkat(2)`; whether the file was there. Throws the step that failed.
  func remove() throws(PublishError) -> Bool {
    try unlinkIfThere(temporary)
    return try unlinkIfThere(name)
  }

  /// Whether the file there is of a run that started later, by `fstatat(2)`.
  ///
  /// A file from the future is of a clock that was wrong. Throws EISDIR for a directory, and where it cannot be
  /// known: the file might be newer.
  private func isNewerPresent(than started: Nanoseconds) throws(PublishError) -> Bool {
    var status = stat()
    do throws(PublishError) {
      try attempt(.examine) { fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) }
    } catch {
      if error.errno == ENOENT { return false }
      throw error
    }
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR { throw PublishError(step: .rename, errno: EISDIR, path: path) }
    let modified = Nanoseconds(status.st_mtim)
    return type == S_IFREG && modified > started && modified <= wallClock()
  }

  /// Whether there was such a file to remove.
  @discardableResult
  private func unlinkIfThere(_ file: String) throws(PublishError) -> Bool {
    do {
      try attempt(.clear) { unlinkat(directory, file, 0) }
      return true
    } catch {
      if error.errno != ENOENT { throw error }
      return false
    }
  }

  /// Creates and fills the temporary and brings it to the disk, by `openat(2)`, `write(2)` and `fsync(2)`.
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

  @discardableResult
  private func attempt<Result: BinaryInteger>(
    _ step: PublishError.Step, _ call: () -> Result
  ) throws(PublishError) -> Result {
    do {
      return try systemCall(call)
    } catch {
      throw PublishError(step: step, errno: error.errno, path: path)
    }
  }
}
