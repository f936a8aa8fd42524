import GPUSessions
import Glibc

/// The names in a directory without `.` and `..`, by `readdir(3)`, in no order.
func listDirectory(_ path: String) -> DirectoryRead<[UInt8]> {
  collectEntries(path) { _, _, name in bytes(of: name) }
}

/// The links in a directory with their targets, by `readdir(3)` and `readlinkat(2)`, in no order.
///
/// What is no link, or is gone before it is read, is left out.
func listLinks(_ path: String) -> DirectoryRead<SymbolicLink> {
  collectEntries(path) { directory, type, name in
    guard type == linkType || type == unknownType else { return nil }
    guard let target = readLink(in: directory, name) else { return nil }
    return SymbolicLink(name: bytes(of: name), target: target)
  }
}

/// The target of a link of at most 4,096 bytes, by `readlinkat(2)`; `nil` if it cannot be read.
func readLink(in directory: Int32, _ path: UnsafePointer<CChar>) -> [UInt8]? {
  let longest = 4_096
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest + 1) { buffer in
    guard let start = buffer.baseAddress else { return nil }
    let count = readlinkat(directory, path, start, longest + 1)
    guard count >= 0, count <= longest else { return nil }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}

// `DT_LNK` and `DT_UNKNOWN` are members of an unnamed C enumeration and come in as `Int`.
private let linkType = UInt8(DT_LNK)
private let unknownType = UInt8(DT_UNKNOWN)

/// Reads a directory by `fdopendir(3)` and keeps what `entry` makes of each name.
private func collectEntries<Entry>(
  _ path: String,
  _ entry: (_ directory: Int32, _ type: UInt8, _ name: UnsafePointer<CChar>) -> Entry?
) -> DirectoryRead<Entry> {
  do {
    let descriptor = try systemCall { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      return .failed(code)
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while let item = try nextEntry(stream) {
      let kept = withUnsafePointer(to: &item.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
          isDot(name) ? nil : entry(descriptor, item.pointee.d_type, name)
        }
      }
      if let kept { entries.append(kept) }
    }
    return .entries(entries)
  } catch {
    return error.isAbsence ? .absent : .failed(error.errno)
  }
}

/// The next entry by `readdir(3)`; `nil` at the end.
private func nextEntry(_ stream: OpaquePointer) throws(SystemError) -> UnsafeMutablePointer<dirent>? {
  errno = 0
  if let item = readdir(stream) { return item }
  let code = errno
  guard code == 0 else { throw SystemError(errno: code) }
  return nil
}

private func isDot(_ name: UnsafePointer<CChar>) -> Bool {
  strcmp(name, ".") == 0 || strcmp(name, "..") == 0
}

private func bytes(of name: UnsafePointer<CChar>) -> [UInt8] {
  [UInt8](UnsafeRawBufferPointer(start: name, count: strlen(name)))
}
