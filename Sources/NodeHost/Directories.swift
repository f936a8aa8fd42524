import GPUSessions
import Glibc

/// The names in a directory without `.` and `..`, by `fdopendir(3)` and `readdir(3)`, in no order.
func listDirectory(_ path: String) -> DirectoryRead<[UInt8]> {
  do throws(SystemError) {
    let descriptor = try openPath(in: AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      return .failed(code)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let item = try nextEntry(stream) {
      withUnsafePointer(to: &item.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
          if !isDot(name) { names.append(bytes(of: name)) }
        }
      }
    }
    return .entries(names)
  } catch {
    return error.isAbsence ? .absent : .failed(error.errno)
  }
}

/// The target of a link, by `readlinkat(2)`: absent where there is nothing or no link.
func readLink(_ path: String) -> FileRead {
  let longest = 4_096
  do throws(SystemError) {
    let start = UnsafeMutablePointer<CChar>.allocate(capacity: longest + 1)
    defer { start.deallocate() }
    let count = try systemCall { path.withCString { readlinkat(AT_FDCWD, $0, start, longest + 1) } }
    return count <= longest ? .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count))) : .tooLong
  } catch {
    return error.isAbsence || error.errno == EINVAL ? .absent : .failed(error.errno)
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
