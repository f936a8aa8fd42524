import GPUSessions
import Glibc

/// The names in a directory without `.` and `..`, by `readdir(3)`, in no order.
func listDirectory(_ path: String) -> DirectoryRead<[UInt8]> {
  collectEntries(path) { _, _, name throws(SystemError) in bytes(of: name) }
}

/// The links in a directory with their targets, by `readdir(3)` and `readlinkat(2)`, in no order.
///
/// What is no link, or is gone before it is read, is left out. With one that cannot be read the directory counts
/// as not read: without that link another might be taken for the one that is looked for.
func listLinks(_ path: String) -> DirectoryRead<SymbolicLink> {
  collectEntries(path) { directory, type, name throws(SystemError) in
    guard type == linkType || type == unknownType else { return nil }
    do throws(SystemError) {
      let target = try readTarget(in: directory, name)
      return target.map { SymbolicLink(name: bytes(of: name), target: $0) }
    } catch {
      if error.isAbsence || error.errno == EINVAL { return nil }
      throw error
    }
  }
}

/// The target of a link, by `readlinkat(2)`; `nil` if it cannot be read.
func readLink(in directory: Int32, _ path: UnsafePointer<CChar>) -> [UInt8]? {
  do {
    return try readTarget(in: directory, path)
  } catch {
    return nil
  }
}

/// The target of a link; `nil` if it has more than 4,096 bytes. Throws the errno, EINVAL for what is no link.
private func readTarget(in directory: Int32, _ path: UnsafePointer<CChar>) throws(SystemError) -> [UInt8]? {
  let longest = 4_096
  let start = UnsafeMutablePointer<CChar>.allocate(capacity: longest + 1)
  defer { start.deallocate() }
  let count = try systemCall { readlinkat(directory, path, start, longest + 1) }
  return count <= longest ? [UInt8](UnsafeRawBufferPointer(start: start, count: count)) : nil
}

// `DT_LNK` and `DT_UNKNOWN` are members of an unnamed C enumeration and come in as `Int`.
private let linkType = UInt8(DT_LNK)
private let unknownType = UInt8(DT_UNKNOWN)

/// Reads a directory by `fdopendir(3)` and keeps what `entry` makes of each name.
private func collectEntries<Entry>(
  _ path: String,
  _ entry: (_ directory: Int32, _ type: UInt8, _ name: UnsafePointer<CChar>) throws(SystemError) -> Entry?
) -> DirectoryRead<Entry> {
  do throws(SystemError) {
    let descriptor = try systemCall { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      return .failed(code)
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while let item = try nextEntry(stream) {
      let kept = try withUnsafePointer(to: &item.pointee.d_name) { tuple throws(SystemError) in
        try tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name throws(SystemError) in
          isDot(name) ? nil : try entry(descriptor, item.pointee.d_type, name)
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
