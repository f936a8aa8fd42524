import GPUSessions
import Glibc

/// Replaces the file at `path` by a new one; if that fails, the old one is unchanged.
///
/// A reader sees either the whole old file or the whole new one. The new file has mode 0644, and `started` (wall clock)
/// as its modification time, from which a later call learns which run is newer. The lock file beside it is held meanwhile,
/// and all steps use the descriptor of the directory, even if another directory takes its name. Throws the step that
/// failed.
func publishFile(
  _ path: String, _ contents: ByteProducer, started: Nanoseconds, lockWait: Nanoseconds = 5 * .perSecond
) throws(PublishError) -> PublishResult {
  try withPublication(path, lockWait) { publication throws(PublishError) in
    try publication.replace(contents, started)
  }
}

/// Removes the file at `path` and the temporary file of a killed run, and returns whether the file existed.
///
/// It did not exist if there is no such directory. A symbolic link is removed itself. Throws the step that failed.
func removeFile(_ path: String, lockWait: Nanoseconds = 5 * .perSecond) throws(PublishError) -> Bool {
  do throws(PublishError) {
    return try withPublication(path, lockWait) { publication throws(PublishError) in try publication.remove() }
  } catch {
    if error.step == .openDirectory, error.errno == .noSuchFileOrDirectory { return false }
    throw error
  }
}

/// Opens the directory of `path` and takes the lock while `body` runs.
private func withPublication<Result>(
  _ path: String, _ lockWait: Nanoseconds, _ body: (Publication) throws(PublishError) -> Result
) throws(PublishError) -> Result {
  let place = OutputPlace(path)
  if ["", ".", ".."].contains(place.name) { throw PublishError(step: .create, errno: .isDirectory, path: path) }
  let directory = try openDirectory(place.directory)
  defer { close(directory) }
  let lock = try LockFile.take(place, in: directory, wait: lockWait)
  defer { lock.release() }
  return try body(Publication(directory: directory, lock: lock, place: place, path: path))
}

/// Opens a directory by `open(2)`.
private func openDirectory(_ path: String) throws(PublishError) -> Int32 {
  do {
    return try systemCall { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  } catch {
    throw PublishError(step: .openDirectory, errno: error, path: path)
  }
}
