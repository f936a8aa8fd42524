import GPUSessions
import Glibc

/// A directory below the node's root. Closes its descriptor at the end of its life.
final class NodeDirectory: Sendable {
  /// A descriptor with `O_PATH`: names below the directory can be looked up, but it cannot be listed.
  let descriptor: Int32
  /// The directory above; `nil` for the root, which has none that may be entered.
  let parent: NodeDirectory?

  private init(descriptor: Int32, parent: NodeDirectory?) {
    self.descriptor = descriptor
    self.parent = parent
  }

  deinit { close(descriptor) }

  /// Opens the directory where the node's root is mounted, by `openat(2)`. Links in this path are followed.
  convenience init(root path: String) throws(Errno) {
    self.init(descriptor: try openPath(in: AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC), parent: nil)
  }

  /// Opens a directory of this one, by `openat(2)`. Throws `.notDirectory` if the name is a symbolic link.
  func directory(_ name: some Collection<UInt8>) throws(Errno) -> NodeDirectory {
    let flags = O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC
    let found = try systemCall { withCName(name) { openat(descriptor, $0, flags) } }
    return NodeDirectory(descriptor: found, parent: self)
  }

  /// Returns the target of a symbolic link of this directory, by `readlinkat(2)`; `nil` if the name is no link.
  func linkTarget(_ name: some Collection<UInt8>) throws(Errno) -> [UInt8]? {
    do throws(Errno) {
      let target = try readLinkTarget { buffer, size in
        withCName(name) { readlinkat(descriptor, $0, buffer, size) }
      }
      guard let target else { throw .fileNameTooLong }
      return target
    } catch {
      if error == .invalidArgument { return nil }
      throw error
    }
  }

  /// Whether this directory, or one above it, is one of those, by `fstat(2)`.
  func isBelow(_ places: [NodeDirectory]) throws(Errno) -> Bool {
    var next: NodeDirectory? = self
    while let directory = next {
      for place in places where try directory.identity() == place.identity() { return true }
      next = directory.parent
    }
    return false
  }

  private func identity() throws(Errno) -> (device: dev_t, inode: ino_t) {
    var status = stat()
    try systemCall { fstat(descriptor, &status) }
    return (status.st_dev, status.st_ino)
  }
}

/// Calls `body` with a name for C.
private func withCName<Result>(_ name: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
  (name.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
    buffer.baseAddress.map(body) ?? body("")
  }
}
