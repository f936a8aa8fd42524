/// Why a system call failed: an `errno` value of Linux (errno(3)).
package struct Errno: Error, RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
  package var rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }
  package init(integerLiteral value: Int32) { rawValue = value }

  /// EPERM
  package static let notPermitted: Errno = 1
  /// ENOENT
  package static let noSuchFileOrDirectory: Errno = 2
  /// ESRCH
  package static let noSuchProcess: Errno = 3
  /// EINTR
  package static let interrupted: Errno = 4
  /// ENXIO
  package static let noSuchDevice: Errno = 6
  /// ECHILD
  package static let noChildProcess: Errno = 10
  /// EAGAIN, which is EWOULDBLOCK on Linux
  package static let wouldBlock: Errno = 11
  /// ENOMEM
  package static let noMemory: Errno = 12
  /// EACCES
  package static let permissionDenied: Errno = 13
  /// EEXIST
  package static let fileExists: Errno = 17
  /// ENOTDIR
  package static let notDirectory: Errno = 20
  /// EISDIR
  package static let isDirectory: Errno = 21
  /// EINVAL
  package static let invalidArgument: Errno = 22
  /// EFBIG
  package static let fileTooLarge: Errno = 27
  /// EROFS
  package static let readOnlyFileSystem: Errno = 30
  /// ENAMETOOLONG
  package static let fileNameTooLong: Errno = 36
  /// ELOOP
  package static let tooManySymbolicLinks: Errno = 40
  /// ENOLINK, which stands for a symbolic link in a path of the node that leads to no directory.
  ///
  /// The kernel reports such a link as ENOENT or ENOTDIR, like a path without links that is not there.
  package static let danglingLink: Errno = 67

  /// The error in the words of strerror(3), or `errno N` for a value that reading and publishing files rarely meet.
  var reason: String { Errno.reasons[self] ?? "errno \(rawValue)" }

  private static let reasons: [Errno: String] = [
    .notPermitted: "operation not permitted", .noSuchFileOrDirectory: "no such file or directory",
    5: "input/output error", .permissionDenied: "permission denied", .fileExists: "file exists",
    .notDirectory: "not a directory",
    .isDirectory: "is a directory", .fileTooLarge: "file too large", 28: "no space left on device",
    .readOnlyFileSystem: "read-only file system", .fileNameTooLong: "file name too long", 39: "directory not empty",
    .tooManySymbolicLinks: "too many levels of symbolic links",
    .danglingLink: "a symbolic link in the path leads to no directory", 122: "disk quota exceeded",
  ]
}
