import GPUSessions
import Glibc
@testable import NodeHost
import Testing

extension LiveHostTests {
  @Suite struct Permissions {
    @Test func `mode and owner are told, links followed`() throws {
      try withTemporaryDirectory { directory in
        put(directory + "/a", "x")
        chmod(directory + "/a", 0o640)
        symlink("a", directory + "/link")
        let told = try #require(host.fileStatus(directory + "/link"))
        #expect(told.mode == 0o640 && told.owner == geteuid())
        #expect(host.fileStatus(directory + "/none") == nil)
      }
    }

    @Test func `a directory is writable or says why not`() {
      withTemporaryDirectory { directory in
        #expect(host.fileStatus(directory)?.writeFailure == nil && host.fileStatus(directory) != nil)
        chmod(directory, 0o500)
        #expect(host.fileStatus(directory)?.writeFailure == (geteuid() == 0 ? nil : .permissionDenied))
        chmod(directory, 0o700)
        // Even root cannot create a file below a regular file, which has no `x`.
        put(directory + "/file", "x")
        #expect(host.fileStatus(directory + "/file")?.writeFailure == .permissionDenied)
      }
    }
  }
}
