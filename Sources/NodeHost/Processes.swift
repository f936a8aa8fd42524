import GPUSessions
import Glibc

/// Opens the procfs mounted at `proc`, by `open(2)`, and returns a closure that opens the processes in it.
///
/// All processes are looked up below this one descriptor: they belong to the same procfs, even if another is mounted
/// over it meanwhile. The descriptor is closed with the last copy of the closure.
func openProcesses(_ proc: String) -> ProcessDirectoryReader {
  do throws(Errno) {
    let proc = ProcDirectory(try openPath(in: AT_FDCWD, proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    return { pid, body in withProcess(in: proc, pid, body) }
  } catch {
    let failure: DirectoryOpened = error.isAbsence ? .absent : .failed(error)
    return { _, _ in failure }
  }
}

/// An open procfs. Closes its descriptor at the end of its life.
private final class ProcDirectory: Sendable {
  let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}

/// Opens the directory of a process, by `openat(2)`, and passes `body` a function that reads the files in it.
///
/// If the process ends, its files become `.absent`, even if its PID is reused.
private func withProcess(
  in proc: ProcDirectory, _ pid: Int32, _ body: (_ read: (_ name: String, _ limit: Int) -> FileRead) -> Void
) -> DirectoryOpened {
  do throws(Errno) {
    let directory = try openPath(in: proc.descriptor, String(pid), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(directory) }
    let buffer = allocateFileBuffer()
    defer { buffer.deallocate() }
    body { name, limit in readProcessFile(in: directory, name, through: buffer, limit: max(0, limit)) }
    return .opened
  } catch {
    return error.isAbsence ? .absent : .failed(error)
  }
}

/// Reads a file in the directory of a process, by `openat(2)` and `read(2)`.
private func readProcessFile(
  in directory: Int32, _ name: String, through buffer: UnsafeMutableRawBufferPointer, limit: Int
) -> FileRead {
  do throws(Errno) {
    let descriptor = try openFile(in: directory, name)
    defer { close(descriptor) }
    // The kernel fills the buffer as far as the file reaches: a shorter read is the last one. That saves one system
    // call per file.
    return try readToEnd(descriptor, through: buffer, limit: limit, size: 0, endsShort: true)
  } catch {
    return error.isAbsence ? .absent : .failed(error)
  }
}
