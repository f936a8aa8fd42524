import GPUSessions
import Glibc
import NodeHost
import Testing

/// A temporary directory for one test. It is removed with its contents when the test ends.
final class Folder {
  let path: String
  /// The path of the published file.
  var output: String { path + "/out/gpu_sessions.prom" }

  init() throws {
    var template = Array("/tmp/gpu-sessions-command.XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try #require(mkdir(path + "/out", 0o755) == 0)
  }

  deinit {
    _ = Host.live.spawn(
      [ChildCommand(executable: "/bin/rm", arguments: ["-rf", path], outputLimit: 4_096)],
      Host.live.now() + 10 * Nanoseconds.perSecond)
  }

  /// The sorted names in the directory of the published file.
  var published: [String] { names("out") }

  func names(_ directory: String) -> [String] {
    guard case .entries(let names) = Host.live.listDirectory(path + "/" + directory) else { return [] }
    return names.map(\.text).sorted()
  }

  @discardableResult
  func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
    let file = try #require(fopen(path + "/" + name, "wb"))
    fputs(text, file)
    fclose(file)
    chmod(path + "/" + name, mode)
    return path + "/" + name
  }

  /// Writes a shell script `nvidia-smi` with this body and returns its path.
  func script(_ body: String) throws -> String { try write("nvidia-smi", "#!/bin/sh\n" + body, mode: 0o755) }

  /// Returns the text of a file; `nil` if it is not a regular file.
  func read(_ name: String) -> String? {
    guard case .bytes(let bytes) = Host.live.readFile(path + "/" + name, 64 << 20) else { return nil }
    return bytes.text
  }

  /// The published file; `nil` if nothing has been published.
  var file: Exposed? { read("out/gpu_sessions.prom").map(Exposed.init) }

  /// Returns the result of `lstat(2)`; fails the test if there is no such file.
  func status(_ name: String) throws -> Status {
    var status = stat()
    try #require(lstat(path + "/" + name, &status) == 0)
    return Status(
      mode: status.st_mode & 0o7777, isRegular: status.st_mode & S_IFMT == S_IFREG, inode: status.st_ino,
      modified: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec])
  }

  struct Status: Equatable {
    var mode: UInt32
    var isRegular: Bool
    var inode: UInt
    var modified: [Int]
  }
}
