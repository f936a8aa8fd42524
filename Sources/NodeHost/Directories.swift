import GPUSessions
import Glibc

/// The names in a directory without `.` and `..`, by `getdents64(2)`, in no order.
func listDirectory(_ path: String) -> DirectoryRead<DirectoryListing> {
  do throws(SystemError) {
    let descriptor = try openPath(in: AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    var names = DirectoryListing()
    while true {
      let records = try nextRecords(descriptor)
      if records.isEmpty { return .entries(names) }
      add(records, to: &names)
    }
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

/// Some hundreds of names; what is not filled is not touched.
private let recordsSize = 32_768

/// The next records (`struct linux_dirent64`), whole ones; none at the end.
private func nextRecords(_ directory: Int32) throws(SystemError) -> [UInt8] {
  var failure: SystemError?
  let records = [UInt8](unsafeUninitializedCapacity: recordsSize) { buffer, count in
    guard let start = buffer.baseAddress else { return }
    do throws(SystemError) {
      count = try systemCall { getdents64(directory, start, buffer.count) }
    } catch {
      failure = error
    }
  }
  if let failure { throw failure }
  return records
}

/// Adds the names: after number, offset, length and type of each record, up to a NUL.
private func add(_ records: [UInt8], to names: inout DirectoryListing) {
  let (lengthOffset, nameOffset) = (16, 19)
  names.add(piece: records, names: records.count / 48)
  records.withUnsafeBytes { bytes in
    var start = 0
    while start + nameOffset < bytes.count {
      let length = Int(bytes.loadUnaligned(fromByteOffset: start + lengthOffset, as: UInt16.self))
      guard length > nameOffset, start + length <= bytes.count else { return }
      let name = (start + nameOffset)..<endOfName(bytes, from: start + nameOffset, to: start + length)
      if !isDot(bytes, name) { names.add(name) }
      start += length
    }
  }
}

/// Where the first NUL stands. Records are filled up to a multiple of eight bytes: it is among the last eight.
private func endOfName(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
  var place = max(start, end - 8)
  while place < end, bytes[place] != 0 { place += 1 }
  return place
}

/// Whether the name there is `.` or `..`.
private func isDot(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) -> Bool {
  name.count <= 2 && bytes[name].allSatisfy { $0 == UInt8(ascii: ".") }
}
