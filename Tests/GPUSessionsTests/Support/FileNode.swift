import GPUSessions
import Testing

/// A node made of strings: files by path, of which it counts the readings.
final class FakeNode: @unchecked Sendable {
  var files: [String: String] = [:]
  private(set) var reads: [String: Int] = [:]

  /// A host that has these files and nothing else.
  var host: Host {
    Host(
      spawn: { _, _ in [] }, abandonedChildren: { 0 }, isExecutable: { _ in false },
      openProcesses: { proc in
        { pid, body in
          guard self.files["\(proc)/\(pid)/stat"] != nil else { return .absent }
          body { name, limit in self.read("\(proc)/\(pid)/\(name)", limit) }
          return .opened
        }
      },
      readFile: { self.read($0, $1) }, readLink: { _ in .absent },
      listDirectory: { self.list($0) },
      publish: { _, _, _ in .replaced }, write: { _, _ in true }, now: { 0 }, wallClock: { 0 },
      sleep: { _ in true }, isTerminated: { false }, environment: { _ in nil })
  }

  /// The names for a process with this cgroup, child of `parent`.
  func names(cgroup: String, parent: Int32 = 0) throws -> RuntimeLookup {
    var names = RuntimeMetadata(node: ProcFS(host: host, root: "/proc"), options: Options())
    return try FakeNode.ask(&names, cgroup: cgroup, parent: parent)
  }

  static func ask(_ names: inout RuntimeMetadata, cgroup: String, parent: Int32 = 0) throws -> RuntimeLookup {
    let stat = try #require(ProcessStat(Array(FakeNode.stat(100, "python", parent: parent, start: 50).utf8)))
    return names.names(for: cgroupIdentity(Array("0::\(cgroup)\n".utf8)), of: stat)
  }

  /// Adds a process to `/proc`.
  func add(
    _ pid: Int32, _ comm: String, parent: Int32, cgroup: String, start: Int = 10, uid: UInt32 = 0,
    arguments: [String]
  ) {
    files["/proc/\(pid)/stat"] = FakeNode.stat(pid, comm, parent: parent, start: start)
    files["/proc/\(pid)/cgroup"] = "0::\(cgroup)\n"
    files["/proc/\(pid)/status"] = "Uid:\t\(uid)\t\(uid)\t\(uid)\t\(uid)\n"
    files["/proc/\(pid)/cmdline"] = arguments.map { $0 + "\0" }.joined()
  }

  private static func stat(_ pid: Int32, _ comm: String, parent: Int32, start: Int) -> String {
    "\(pid) (\(comm)) S \(parent)" + String(repeating: " 0", count: 17) + " \(start) 0 0\n"
  }

  private func read(_ path: String, _ limit: Int) -> FileRead {
    reads[path, default: 0] += 1
    guard let text = files[path] else { return .absent }
    return text.utf8.count > limit ? .tooLong : .bytes(Array(text.utf8))
  }

  private func list(_ path: String) -> DirectoryRead<[ArraySlice<UInt8>]> {
    let below = files.keys.filter { $0.hasPrefix(path + "/") }
    let names = Set(below.compactMap { $0.dropFirst(path.count + 1).split(separator: "/").first.map(String.init) })
    return names.isEmpty ? .absent : .names(Array(names))
  }
}
