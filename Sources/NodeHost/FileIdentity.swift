import GPUSessions
import Glibc

/// Device and inode, by which a file is recognised whatever its name.
struct FileIdentity: Equatable {
  let device: dev_t
  let inode: ino_t

  init(_ status: stat) { (device, inode) = (status.st_dev, status.st_ino) }

  /// The file of this name in an open directory, by `fstatat(2)`; `nil` if it cannot be examined.
  init?(in directory: Int32, _ name: String) {
    var status = stat()
    guard (try? systemCall({ fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) })) != nil else { return nil }
    self.init(status)
  }
}

/// Examines an open file, by `fstat(2)`.
func fileStatus(of descriptor: Int32) throws(Errno) -> stat {
  var status = stat()
  try systemCall { fstat(descriptor, &status) }
  return status
}

/// Returns the process that holds a lock of `flock(2)` on the file, by `/proc/locks`.
///
/// `nil` if it is not listed there: a process of another PID namespace, or a file system that has other device numbers
/// there than in stat(2), as btrfs has.
func lockHolder(of file: FileIdentity) -> LockHolder? {
  guard let table = readFile("/proc/locks", limit: 4 << 20).contents,
    let pid = FileLocks.holder(
      in: table, device: UInt64(file.device), inode: UInt64(file.inode))
  else { return nil }
  return LockHolder(pid: pid, command: readFile("/proc/\(pid)/comm", limit: 256).contents ?? [])
}
