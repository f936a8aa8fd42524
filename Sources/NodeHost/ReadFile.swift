import GPUSessions
import Glibc

/// Reads a regular file of at most `limit` bytes, by `openat(2)`, `fstat(2)` and `read(2)`.
///
/// A link in the last component is `.failed(ELOOP)`, anything but a regular file `.failed(EINVAL)`;
/// a FIFO or a device never blocks.
func readFile(in directory: Int32, _ path: String, limit: Int) -> FileRead {
  do throws(SystemError) {
    let descriptor = try openFile(in: directory, path)
    defer { close(descriptor) }
    var status = stat()
    try systemCall { fstat(descriptor, &status) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .failed(EINVAL) }
    // One byte of room more: the end is seen when it is not filled. A file of procfs has no size.
    let expected = Int(clamping: status.st_size) &+ 1
    return try readToEnd(descriptor, limit: max(0, limit), expected: expected)
  } catch {
    return error.isAbsence ? .absent : .failed(error.errno)
  }
}

func openFile(in directory: Int32, _ path: String) throws(SystemError) -> Int32 {
  try openPath(in: directory, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
}

/// By `openat(2)`; a path passed to it as it is would be copied for each call.
func openPath(in directory: Int32, _ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
  try systemCall { path.withCString { openat(directory, $0, flags) } }
}

/// Size of the buffer that bytes are read through.
let readBufferSize = 65_536
/// Most of the files that are read are not longer.
private let smallFile = 4_096

/// Reads an open file to its end, and one byte past `limit` at most, by `read(2)`; `expected` bytes straight into place.
private func readToEnd(_ descriptor: Int32, limit: Int, expected: Int) throws(SystemError) -> FileRead {
  let size = min(limit, max(expected, smallFile))
  if size > smallFile { return try readLong(descriptor, size, limit: limit) }
  // On the stack: the array made from it is as long as the file, and leaves no hole behind on the heap.
  var room = InlineArray<4_096, UInt8>(repeating: 0)
  var span = room.mutableSpan
  return try span.withUnsafeMutableBytes { buffer throws(SystemError) in
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
    return try readThrough(room, descriptor, limit: limit, endsShort: false)
  }
}

/// Reads an open file of which no more than `limit` bytes are wanted, its beginning through the buffer.
func readThrough(
  _ buffer: UnsafeMutableRawBufferPointer, _ descriptor: Int32, limit: Int, endsShort: Bool
) throws(SystemError) -> FileRead {
  let (count, isWhole) = try fill(buffer, from: descriptor, endsShort)
  let bytes = [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  return isWhole ? .bytes(bytes) : try readRest(bytes, descriptor, limit: limit)
}

private func readLong(_ descriptor: Int32, _ size: Int, limit: Int) throws(SystemError) -> FileRead {
  var (failure, isWhole): (SystemError?, Bool) = (nil, false)
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    do throws(SystemError) {
      (count, isWhole) = try fill(UnsafeMutableRawBufferPointer(buffer), from: descriptor, false)
    } catch {
      failure = error
    }
  }
  if let failure { throw failure }
  return isWhole ? .bytes(bytes) : try readRest(bytes, descriptor, limit: limit)
}

/// What follows the beginning of a file.
private func readRest(_ beginning: [UInt8], _ descriptor: Int32, limit: Int) throws(SystemError) -> FileRead {
  var bytes = beginning
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readBufferSize, alignment: 1)
  defer { buffer.deallocate() }
  while true {
    let left = limit - bytes.count
    let wanted = left < readBufferSize ? left + 1 : readBufferSize
    let count = try systemCall { read(descriptor, buffer.baseAddress, wanted) }
    if count == 0 { return .bytes(bytes) }
    if count > left { return .tooLong }
    bytes.append(contentsOf: buffer[..<count])
  }
}

/// Reads until the buffer is full or the file has ended, with `endsShort` by a read that comes back short.
private func fill(
  _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, _ endsShort: Bool
) throws(SystemError) -> (count: Int, isWhole: Bool) {
  var filled = 0
  while filled < buffer.count {
    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
    let count = try systemCall { read(descriptor, rest.baseAddress, rest.count) }
    filled += count
    if count == 0 || (endsShort && count < rest.count) { return (filled, true) }
  }
  return (filled, false)
}

/// Whether the path leads to a regular file that this process may execute, by `stat(2)` and `faccessat(2)`.
func isExecutable(_ path: String) -> Bool {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
  return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0
}
