import GPUSessions
import Glibc

/// Permissions and owner of what a path leads to, links followed, by `stat(2)`; `nil` if that fails.
func fileStatus(_ path: String) -> FileStatus? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  return FileStatus(mode: status.st_mode & 0o7777, owner: status.st_uid)
}

/// The errno for which this user cannot make a file in a directory, by `faccessat(2)`; `nil` if it can.
///
/// Asked for the effective user, as the kernel would decide. Nothing is written.
func writeFailure(_ directory: String) -> Int32? {
  faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0 ? nil : errno
}
