import GPUSessions
import Glibc

/// Tells whether a run could lock the output now, by `openat(2)` and `flock(2)`. Creates and removes nothing.
///
/// A lock that another process holds is tried for `wait`; a lock that was free is released at once.
func lockState(of path: String, wait: Nanoseconds = .perSecond) -> LockState {
  let place = OutputPlace(path)
  do throws(Errno) {
    let directory = try openPath(in: AT_FDCWD, place.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(directory) }
    let last = bootClock() + wait
    while true {
      let state = try lockState(place.lock, in: directory)
      guard case .held = state, bootClock() < last else { return state }
      pause(10 * .perMillisecond)
    }
  } catch {
    return .unknown(error)
  }
}

private func lockState(_ name: String, in directory: Int32) throws(Errno) -> LockState {
  let descriptor: Int32
  do {
    descriptor = try openFile(in: directory, name)
  } catch {
    switch error {
    case .noSuchFileOrDirectory: return .free
    case .tooManySymbolicLinks, .noSuchDevice: return .foreign
    default: throw error
    }
  }
  defer { close(descriptor) }
  let status = try fileStatus(of: descriptor)
  if !isPrivate(status) { return .foreign }
  if try tryLock(descriptor) { return .free }
  return .held(lockHolder(of: FileIdentity(status)))
}
