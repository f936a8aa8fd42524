import GPUSessions
import Glibc

/// Lists the names in a directory, without `.` and `..`, in no particular order, by `getdents64(2)`.
///
/// A relative path begins at `directory`. A directory with more names than ``mostNames`` fails with EFBIG: nobody's node has
/// as many, but a workload may have made them.
func listDirectory(in directory: Int32 = AT_FDCWD, _ path: String) -> DirectoryRead<[ArraySlice<UInt8>]> {
  do throws(Errno) {
    let descriptor = try openPath(in: directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    var names: [ArraySlice<UInt8>] = []
    while true {
      let records = try readRecords(descriptor)
      if records.isEmpty { return .entries(names) }
      appendNames(in: records, to: &names)
      if names.count > mostNames { return .failed(.fileTooLarge) }
    }
  } catch {
    return error.isAbsence ? .absent : .failed(error)
  }
}

/// The most names that are read of one directory: a node with 1,000 pods has some thousands.
private let mostNames = 1 << 17

/// Reads the next records of a directory; none at its end.
private func readRecords(_ descriptor: Int32) throws(Errno) -> [UInt8] {
  // Room for several hundred names.
  let size = 32_768
  var failure: Errno?
  let records = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    guard let start = buffer.baseAddress else { return }
    do throws(Errno) {
      count = try systemCall { getdents64(descriptor, start, size) }
    } catch {
      failure = error
    }
  }
  if let failure { throw failure }
  return records
}

/// Appends the name of each record (`struct linux_dirent64`, getdents64(2)), as a slice of `records`.
///
/// An array for each name would cost a tenth of a run on a node with thousands of log directories.
private func appendNames(in records: [UInt8], to names: inout [ArraySlice<UInt8>]) {
  // A record is: inode (8 bytes), offset (8), length of the record (2), type (1), name, at least one NUL.
  let (lengthOffset, nameOffset) = (16, 19)
  records.withUnsafeBytes { bytes in
    var start = 0
    while start + nameOffset < bytes.count {
      let length = Int(bytes.loadUnaligned(fromByteOffset: start + lengthOffset, as: UInt16.self))
      guard length > nameOffset, start + length <= bytes.count else { return }
      let field = UnsafeRawBufferPointer(rebasing: bytes[(start + nameOffset)..<(start + length)])
      let name = UnsafeRawBufferPointer(rebasing: field[..<nameLength(field)])
      if !isDot(name) { names.append(records[(start + nameOffset)..<(start + nameOffset + name.count)]) }
      start += length
    }
  }
}

/// The number of bytes before the first NUL.
private func nameLength(_ field: UnsafeRawBufferPointer) -> Int {
  guard let start = field.baseAddress else { return 0 }
  return strnlen(start.assumingMemoryBound(to: CChar.self), field.count)
}

/// Whether the name is `.` or `..`.
private func isDot(_ name: UnsafeRawBufferPointer) -> Bool {
  name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
}

/// Reads the target of a symbolic link, by `readlinkat(2)`. The result is `.absent` for anything but a link.
///
/// A relative path begins at `directory`.
func readLink(in directory: Int32 = AT_FDCWD, _ path: String) -> FileRead {
  do throws(Errno) {
    let target = try readLinkTarget { buffer, size in path.withCString { readlinkat(directory, $0, buffer, size) } }
    return target.map { .bytes($0) } ?? .tooLong
  } catch {
    return error.isAbsence || error == .invalidArgument ? .absent : .failed(error)
  }
}

/// Returns the bytes that `read`, a call of `readlinkat(2)`, puts into a buffer; `nil` if they are more than a path may
/// have.
func readLinkTarget(_ read: (_ buffer: UnsafeMutablePointer<CChar>, _ size: Int) -> Int) throws(Errno) -> [UInt8]? {
  // PATH_MAX: the kernel makes no longer link, but a file system may return one.
  let limit = 4_096
  let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: limit + 1)
  defer { buffer.deallocate() }
  let count = try systemCall { read(buffer, limit + 1) }
  return count <= limit ? [UInt8](UnsafeRawBufferPointer(start: buffer, count: count)) : nil
}
