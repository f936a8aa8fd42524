import GPUSessions
import Glibc

/// Opens the directory `proc` by `open(2)`: a process then is one name below it, not a path to be walked.
///
/// The descriptor is closed with the last copy of what is returned.
func openProcesses(_ proc: String) -> ProcessDirectoryReader {
  do throws(SystemError) {
    let proc = ProcessesDirectory(try openPath(in: AT_FDCWD, proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    return { pid, body in withProcess(in: proc, pid, body) }
  } catch {
    let failure: DirectoryOpened = error.isAbsence ? .absent : .failed(error.errno)
    return { _, _ in failure }
  }
}

/// The open directory, and a buffer in use while one file is read.
///
/// The program is synchronous: whoever opened it is its only user at any moment.
private final class ProcessesDirectory: @unchecked Sendable {
  let descriptor: Int32
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8_192, alignment: 1)

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }
}

/// Opens the process's directory by `openat(2)` and lends a reader of the files below that very directory.
///
/// A process that ends meanwhile makes its files `.absent`, even when its PID is taken by another.
private func withProcess(
  in proc: ProcessesDirectory, _ pid: Int32, _ body: (_ read: (_ name: String, _ limit: Int) -> FileRead) -> Void
) -> DirectoryOpened {
  do throws(SystemError) {
    let directory = try openDirectory(in: proc.descriptor, pid)
    defer { close(directory) }
    body { name, limit in readProcessFile(in: directory, name, limit: max(0, limit), through: proc.buffer) }
    return .opened
  } catch {
    return error.isAbsence ? .absent : .failed(error.errno)
  }
}

/// The name is made on the stack.
private func openDirectory(in proc: Int32, _ pid: Int32) throws(SystemError) -> Int32 {
  var name = InlineArray<12, CChar>(repeating: 0)
  var (start, rest) = (name.count - 1, pid.magnitude)
  repeat {
    start -= 1
    name[start] = CChar(truncatingIfNeeded: 0x30 + rest % 10)
    rest /= 10
  } while rest > 0
  if pid < 0 {
    start -= 1
    name[start] = 0x2D
  }
  return try name.span.extracting(start...).withUnsafeBufferPointer { name throws(SystemError) in
    guard let name = name.baseAddress else { throw SystemError(errno: ENOENT) }
    return try systemCall { openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }
}

/// Reads a file of a process's directory, by `openat(2)` and `read(2)`.
///
/// There are regular files only. The kernel makes each as a whole when it is read: where less comes than there is room
/// for, no more will come.
private func readProcessFile(
  in directory: Int32, _ name: String, limit: Int, through buffer: UnsafeMutableRawBufferPointer
) -> FileRead {
  do throws(SystemError) {
    let descriptor = try openFile(in: directory, name)
    defer { close(descriptor) }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(limit, buffer.count)])
    return try readThrough(room, descriptor, limit: limit, endsShort: true)
  } catch {
    return error.isAbsence ? .absent : .failed(error.errno)
  }
}
