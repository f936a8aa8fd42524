import GPUSessions
import Glibc

/// Replaces the file at `path` by a whole new one, or leaves it as it is (contract §5).
///
/// The file gets mode 0644 and `started` (wall clock, nanoseconds) as its modification time: by that a later
/// call knows which run is newer. Throws the step that failed. The directory is locked for the time being,
/// and everything happens below that very directory, even if its name comes to lead elsewhere.
func publishFile(
  _ path: String, _ contents: ByteProducer, started: Nanoseconds, lockWait: Nanoseconds = 5 * .perSecond
) throws(PublishError) -> PublishResult {
  try withPublication(path, lockWait) { publication throws(PublishError) in
    try publication.replace(contents, started)
  }
}

/// Removes the file at `path` and what a killed run has left beside it; whether the file was there.
///
/// No directory is no file. A link is removed, not followed. Throws the step that failed.
func removeFile(_ path: String, lockWait: Nanoseconds = 5 * .perSecond) throws(PublishError) -> Bool {
  do throws(PublishError) {
    return try withPublication(path, lockWait) { publication throws(PublishError) in try publication.remove() }
  } catch {
    if error.step == .openDirectory, error.errno == ENOENT { return false }
    throw error
  }
}

/// Lends the file at `path` in its directory, which is open and locked meanwhile.
private func withPublication<Result>(
  _ path: String, _ lockWait: Nanoseconds, _ body: (Publication) throws(PublishError) -> Result
) throws(PublishError) -> Result {
  let (parent, name) = splitPath(path)
  guard !name.isEmpty, name != ".", name != ".." else {
    throw PublishError(step: .create, errno: EISDIR, path: path)
  }
  let directory = try openDirectory(parent)
  // Closing it ends the lock.
  defer { close(directory) }
  try lock(directory, parent, wait: lockWait)
  return try body(Publication(directory: directory, name: name, path: path))
}

/// Directory and name of a path, cut at its last slash.
func splitPath(_ path: String) -> (directory: String, name: String) {
  let bytes = path.utf8
  guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
  let directory = slash == bytes.startIndex ? "/" : String(path[..<slash])
  return (directory, String(path[bytes.index(after: slash)...]))
}

/// Opens a directory by `open(2)`.
private func openDirectory(_ path: String) throws(PublishError) -> Int32 {
  do {
    return try systemCall { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  } catch {
    throw PublishError(step: .openDirectory, errno: error.errno, path: path)
  }
}

/// Locks a directory by `flock(2)`; tries every 10 ms for `wait` nanoseconds, then throws errno 0.
private func lock(_ directory: Int32, _ path: String, wait: Nanoseconds) throws(PublishError) {
  let last = bootClock() + wait
  while true {
    do {
      try systemCall { flock(directory, LOCK_EX | LOCK_NB) }
      return
    } catch {
      guard error.isWouldBlock else { throw PublishError(step: .lock, errno: error.errno, path: path) }
    }
    guard bootClock() < last else { throw PublishError(step: .lock, errno: 0, path: path) }
    pause(10 * .perMillisecond)
  }
}
