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

/// Reads a file of a process's directory, by `openat(2)` and `read(2)`.
///
/// There are regular files only. The kernel makes each as a whole when it is read: where less comes than there is room
/// for, no more will come.
private func readProcessFile(in directory: Int32, _ name: String, limit: Int) -> FileRead {
  do throws(SystemError) {
    let descriptor = try openFile(in: directory, name)
    defer { close(descriptor) }
    return try readToEnd(descriptor, limit: max(0, limit), endsShort: true)
  } catch {
    return error.isAbsence ? .absent : .failed(error.errno)
  }
}

private func openFile(in directory: Int32, _ path: String) throws(SystemError) -> Int32 {
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

/// Reads an open file to its end, and one byte past `limit` at most, by `read(2)`.
///
/// `expected` bytes are read straight into place; with `endsShort` a read that comes back short is the last.
private func readToEnd(
  _ descriptor: Int32, limit: Int, expected: Int = 0, endsShort: Bool = false
) throws(SystemError) -> FileRead {
  var (bytes, isWhole) = try readBeginning(descriptor, min(limit, max(expected, smallFile)), endsShort)
  if isWhole { return .bytes(bytes) }
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

/// The first `size` bytes, and whether the file has ended within them.
///
/// What is small is read on the stack: the array then is as long as the file, and leaves no hole behind on the heap.
private func readBeginning(
  _ descriptor: Int32, _ size: Int, _ endsShort: Bool
) throws(SystemError) -> (bytes: [UInt8], isWhole: Bool) {
  guard size <= smallFile else { return try readLong(descriptor, size) }
  var room = InlineArray<4_096, UInt8>(repeating: 0)
  var span = room.mutableSpan
  return try span.withUnsafeMutableBytes { buffer throws(SystemError) in
    let filled = try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<size]), from: descriptor, endsShort)
    return ([UInt8](buffer[..<filled.count]), filled.isWhole)
  }
}

private func readLong(_ descriptor: Int32, _ size: Int) throws(SystemError) -> (bytes: [UInt8], isWhole: Bool) {
  var (failure, isWhole): (SystemError?, Bool) = (nil, false)
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    do throws(SystemError) {
      (count, isWhole) = try fill(UnsafeMutableRawBufferPointer(buffer), from: descriptor, false)
    } catch {
      failure = error
    }
  }
  if let failure { throw failure }
  return (bytes, isWhole)
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

/// Opens `<proc>/<pid>` by `open(2)` and lends a reader of the files below that very directory.
///
/// A process that ends meanwhile makes its files `.absent`, even when its PID is taken by another.
func withProcess(
  _ proc: String, _ pid: Int32, _ body: (_ read: (_ name: String, _ limit: Int) -> FileRead) -> Void
) -> DirectoryOpened {
  do throws(SystemError) {
    let directory = try openPath(in: AT_FDCWD, proc + "/" + String(pid), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(directory) }
    body { name, limit in readProcessFile(in: directory, name, limit: limit) }
    return .opened
  } catch {
    return error.isAbsence ? .absent : .failed(error.errno)
  }
}

/// Whether the path leads to a regular file that this process may execute, by `stat(2)` and `faccessat(2)`.
func isExecutable(_ path: String) -> Bool {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
  return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0
}
