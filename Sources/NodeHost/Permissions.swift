import GPUSessions
import Glibc

/// Returns owner and permissions of a file or directory, symbolic links followed, by `stat(2)`; `nil` if that fails.
///
/// Whether a file can be created in it is asked with `faccessat(2)`, for the effective user: that covers read-only file
/// systems too, and writes nothing.
func fileStatus(_ path: String) -> FileStatus? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  let isWritable = faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0
  return FileStatus(
    mode: status.st_mode & 0o7777, owner: status.st_uid,
    writeFailure: isWritable ? nil : Errno(rawValue: Glibc.errno))
}

/// Whether the path leads to a regular file that this process may execute, by `stat(2)` and `faccessat(2)`.
func isExecutable(_ path: String) -> Bool {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
  return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0
}
