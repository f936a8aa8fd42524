import GPUSessions
import Glibc

/// Owner and permissions of what a path leads to, links followed, by `stat(2)`; `nil` if that fails.
///
/// Whether a file can be made in it is asked for the effective user, by `faccessat(2)`, as the kernel would
/// decide: a file system that is mounted read-only says so too. Nothing is written.
func fileStatus(_ path: String) -> FileStatus? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  let isWritable = faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0
  return FileStatus(
    mode: status.st_mode & 0o7777, owner: status.st_uid, writeFailure: isWritable ? nil : errno)
}
