import Glibc
import Testing

@testable import GPUSessions

@Suite struct ErrnoTests {
  @Test(arguments: [
    Errno.notPermitted, .noSuchFileOrDirectory, 5, .permissionDenied, 17, .notDirectory, .isDirectory, 27, 28,
    .readOnlyFileSystem, .fileNameTooLong, 39, .tooManySymbolicLinks, 122,
  ])
  func `the reason is that of the C library`(errno: Errno) {
    #expect(errno.reason.lowercased() == String(cString: strerror(errno.rawValue)).lowercased())
  }

  @Test func `other errors are told by their number`() {
    #expect(Errno(rawValue: 4242).reason == "errno 4242" && Errno.invalidArgument.reason == "errno 22")
  }

  @Test func `the names are those of the C library's numbers`() {
    let named: [(Errno, Int32)] = [
      (.notPermitted, EPERM), (.noSuchFileOrDirectory, ENOENT), (.noSuchProcess, ESRCH), (.interrupted, EINTR),
      (.noChildProcess, ECHILD), (.wouldBlock, EAGAIN), (.wouldBlock, EWOULDBLOCK), (.noMemory, ENOMEM),
      (.permissionDenied, EACCES), (.notDirectory, ENOTDIR), (.isDirectory, EISDIR), (.invalidArgument, EINVAL),
      (.readOnlyFileSystem, EROFS), (.fileNameTooLong, ENAMETOOLONG), (.tooManySymbolicLinks, ELOOP),
      (.danglingLink, ENOLINK),
    ]
    for (errno, number) in named { #expect(errno.rawValue == number) }
  }
}
