import GPUSessions
import Glibc

/// Reads files, links and directories below the node's root as the node itself sees them, and all others as they are.
///
/// Safe to use from several threads: a lock guards the directories that are kept open.
final class NodeFiles: @unchecked Sendable {
  private let root: Prefix
  /// The node's procfs if it is below the root: the kernel's links in it are not for another program to follow.
  private let proc: Prefix?
  private let lock = Lock()
  private var walk: DirectoryWalk?

  /// `root` is where the node's root is mounted, `proc` where its procfs is.
  init(root: String, proc: String) {
    let root = Prefix(root)
    self.root = root
    self.proc = root.rest(of: Array(proc.utf8)[...]).map(pathComponents)?.isEmpty == false ? Prefix(proc) : nil
  }

  /// Reads a regular file of at most `limit` bytes, or the one to which a link leads; see ``readFile(in:_:limit:)``.
  func readFile(_ path: String, limit: Int) -> FileRead {
    guard let components = components(path) else { return NodeHost.readFile(path, limit: limit) }
    return lock.withLock {
      do throws(Errno) {
        let (parent, name) = try parent(components)
        let read = withExtendedLifetime(parent) { NodeHost.readFile(in: parent.descriptor, name, limit: limit) }
        guard read == .failed(.tooManySymbolicLinks), let last = components.last,
          let target = try walked({ (walk) throws(Errno) in try walk.target(ofLink: last, in: parent) })
        else { return read }
        return withExtendedLifetime(target.directory) {
          NodeHost.readFile(in: target.directory.descriptor, target.name.text, limit: limit)
        }
      } catch {
        return error.isAbsence ? .absent : .failed(error)
      }
    }
  }

  /// Reads the target of a symbolic link; see ``readLink(in:_:)``.
  func readLink(_ path: String) -> FileRead {
    guard let components = components(path) else { return NodeHost.readLink(path) }
    return lock.withLock {
      do throws(Errno) {
        let (parent, name) = try parent(components)
        return withExtendedLifetime(parent) { NodeHost.readLink(in: parent.descriptor, name) }
      } catch {
        return error.isAbsence ? .absent : .failed(error)
      }
    }
  }

  /// Lists the names in a directory; see ``listDirectory(in:_:)``.
  func listDirectory(_ path: String) -> DirectoryRead<[ArraySlice<UInt8>]> {
    guard let components = components(path) else { return NodeHost.listDirectory(path) }
    return lock.withLock {
      do throws(Errno) {
        let directory = try directory(components[...])
        return withExtendedLifetime(directory) { NodeHost.listDirectory(in: directory.descriptor, ".") }
      } catch {
        return error.isAbsence ? .absent : .failed(error)
      }
    }
  }

  /// The components below the root; `nil` if the path is not to be looked up from there.
  private func components(_ path: String) -> [ArraySlice<UInt8>]? {
    let path = Array(path.utf8)[...]
    guard let rest = root.rest(of: path), proc?.rest(of: path) == nil else { return nil }
    return pathComponents(rest)
  }

  /// The directory above, and the name in it. The root has the name `.`.
  private func parent(_ components: [ArraySlice<UInt8>]) throws(Errno) -> (directory: NodeDirectory, name: String) {
    (try directory(components.dropLast()), components.last?.text ?? ".")
  }

  private func directory(_ components: ArraySlice<ArraySlice<UInt8>>) throws(Errno) -> NodeDirectory {
    try walked { (walk) throws(Errno) in try walk.directory(components) }
  }

  /// Does something with the walk, which keeps directories open.
  private func walked<Result>(
    _ body: (inout DirectoryWalk) throws(Errno) -> Result
  ) throws(Errno) -> Result {
    var walk = if let walk { walk } else { try DirectoryWalk(root: root.directory) }
    defer { self.walk = walk }
    self.walk = nil
    return try body(&walk)
  }
}

/// A directory with which paths begin.
private struct Prefix {
  /// Without slashes at its end, so that it is empty for the directory `/`.
  private let bytes: ArraySlice<UInt8>

  init(_ path: String) {
    var bytes = Array(path.utf8)[...]
    while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    self.bytes = bytes
  }

  /// The path of the directory.
  var directory: String { bytes.isEmpty ? "/" : bytes.text }

  /// The part of the path below the directory; `nil` if the path is not below it.
  func rest(of path: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard path.prefix(bytes.count) == bytes else { return nil }
    let rest = path.dropFirst(bytes.count)
    if rest.isEmpty { return bytes.isEmpty ? nil : [] }
    return rest.first == UInt8(ascii: "/") ? rest : nil
  }
}
