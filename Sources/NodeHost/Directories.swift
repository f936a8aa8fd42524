import GPUSessions
import Glibc

/// Lists the names in a directory, without `.` and `..`, in no particular order, by `getdents64(2)`.
func listDirectory(_ path: String) -> DirectoryRead<[[UInt8]]> {
  do throws(Errno) {
    let descriptor = try openPath(in: AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    // Room for several hundred names.
    let size = 32_768
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    defer { buffer.deallocate() }
    var names: [[UInt8]] = []
    while true {
      let count = try systemCall { getdents64(descriptor, buffer, size) }
      if count == 0 { return .entries(names) }
      appendNames(in: UnsafeRawBufferPointer(start: buffer, count: count), to: &names)
    }
  } catch {
    return error.isAbsence ? .absent : .failed(error)
  }
}

/// Appends the name of each record (`struct linux_dirent64`, getdents64(2)).
private func appendNames(in records: UnsafeRawBufferPointer, to names: inout [[UInt8]]) {
  // A record is: inode (8 bytes), offset (8), length of the record (2), type (1), name, at least one NUL.
  let (lengthOffset, nameOffset) = (16, 19)
  var start = 0
  while start + nameOffset < records.count {
    let length = Int(records.loadUnaligned(fromByteOffset: start + lengthOffset, as: UInt16.self))
    guard length > nameOffset, start + length <= records.count else { return }
    let field = UnsafeRawBufferPointer(rebasing: records[(start + nameOffset)..<(start + length)])
    let name = UnsafeRawBufferPointer(rebasing: field[..<nameLength(field)])
    if !isDot(name) { names.append([UInt8](name)) }
    start += length
  }
}

private func nameLength(_ field: UnsafeRawBufferPointer) -> Int {
  guard let start = field.baseAddress else { return 0 }
  return strnlen(start.assumingMemoryBound(to: CChar.self), field.count)
}

/// Whether the name is `.` or `..`.
private func isDot(_ name: UnsafeRawBufferPointer) -> Bool {
  name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
}

/// Reads the target of a symbolic link, by `readlinkat(2)`. The result is `.absent` for anything but a link.
func readLink(_ path: String) -> FileRead {
  // PATH_MAX: the kernel makes no longer link, but a file system may return one.
  let limit = 4_096
  let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: limit + 1)
  defer { buffer.deallocate() }
  do throws(Errno) {
    let count = try systemCall { path.withCString { readlinkat(AT_FDCWD, $0, buffer, limit + 1) } }
    return count <= limit ? .bytes([UInt8](UnsafeRawBufferPointer(start: buffer, count: count))) : .tooLong
  } catch {
    return error.isAbsence || error == .invalidArgument ? .absent : .failed(error)
  }
}
