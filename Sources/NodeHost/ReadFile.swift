import GPUSessions
import Glibc

/// Reads a regular file of at most `limit` bytes, by `openat(2)`, `fstat(2)` and `read(2)`.
///
/// If the last component of the path is a symbolic link, the result is `.failed(.tooManySymbolicLinks)`; if it is not a
/// regular file, `.failed(.invalidArgument)`. Opening a FIFO or a device does not block. A relative path begins at
/// `directory`.
func readFile(in directory: Int32 = AT_FDCWD, _ path: String, limit: Int) -> FileRead {
  do throws(Errno) {
    let descriptor = try openFile(in: directory, path)
    defer { close(descriptor) }
    var status = stat()
    try systemCall { fstat(descriptor, &status) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .failed(.invalidArgument) }
    let buffer = allocateFileBuffer()
    defer { buffer.deallocate() }
    return try readToEnd(
      descriptor, through: buffer, limit: max(0, limit), size: Int(status.st_size), endsShort: false)
  } catch {
    return error.isAbsence ? .absent : .failed(error)
  }
}

/// Opens a file for reading without following a symbolic link and without blocking, by `openat(2)`.
func openFile(in directory: Int32, _ path: String) throws(Errno) -> Int32 {
  try openPath(in: directory, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
}

/// Opens a path, by `openat(2)`; a relative one begins at `directory`.
func openPath(in directory: Int32, _ path: String, _ flags: Int32) throws(Errno) -> Int32 {
  try systemCall { path.withCString { openat(directory, $0, flags) } }
}

/// Size in bytes of the buffers for long files and for output of children.
let readBufferSize = 65_536

/// Allocates a buffer into which most files fit. The array made from it has the length of the file: that keeps the files
/// of thousands of processes small in memory.
func allocateFileBuffer() -> UnsafeMutableRawBufferPointer { .allocate(byteCount: 4_096, alignment: 1) }

/// Reads an open file to its end, by `read(2)`; the result is `.tooLong` if it has more than `limit` bytes.
///
/// The file's beginning is read into `buffer`. `size` is the expected number of bytes, 0 if unknown. `endsShort` means that
/// a read that does not fill its buffer reached the end of the file.
func readToEnd(
  _ descriptor: Int32, through buffer: UnsafeMutableRawBufferPointer, limit: Int, size: Int, endsShort: Bool
) throws(Errno) -> FileRead {
  let (count, isWhole) = try fill(buffer, from: descriptor, endsShort)
  if count > limit { return .tooLong }
  let beginning = [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  return isWhole ? .bytes(beginning) : try readRest(descriptor, after: beginning, limit: limit, size: size)
}

/// Reads until the buffer is full or the file has ended.
private func fill(
  _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, _ endsShort: Bool
) throws(Errno) -> (count: Int, isWhole: Bool) {
  var filled = 0
  while filled < buffer.count {
    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
    let count = try systemCall { read(descriptor, rest.baseAddress, rest.count) }
    filled += count
    if count == 0 || (endsShort && count < rest.count) { return (filled, true) }
  }
  return (filled, false)
}

/// Reads what follows the beginning of a long file.
private func readRest(
  _ descriptor: Int32, after beginning: [UInt8], limit: Int, size: Int
) throws(Errno) -> FileRead {
  var bytes = beginning
  bytes.reserveCapacity(min(limit, max(0, size)))
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readBufferSize, alignment: 1)
  defer { buffer.deallocate() }
  while true {
    let count = try systemCall { read(descriptor, buffer.baseAddress, buffer.count) }
    if count == 0 { return .bytes(bytes) }
    if count > limit - bytes.count { return .tooLong }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  }
}
