/// The kernel's table of file locks, `/proc/locks` (proc_locks(5)).
package enum FileLocks {
  /// Returns the PID of the process that holds a lock of flock(2) on the file; `nil` if none is listed.
  ///
  /// `device` and `inode` are its `st_dev` and `st_ino` (stat(2)).
  ///
  /// A line is `2: FLOCK  ADVISORY  WRITE 27763 fe:00:16220766 0 EOF`: number, type, mandatory or not, mode, PID, device
  /// (hexadecimal) with inode (decimal), beginning and end. A lock that is waited for has `->` after its number. Source:
  /// lock_get_status() of Linux 6.12.
  package static func holder(in table: [UInt8], device: UInt64, inode: UInt64) -> Int32? {
    // The parts of st_dev: gnu_dev_major() and gnu_dev_minor() of glibc.
    let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
    let minor = device & 0xFF | device >> 12 & ~0xFF
    let file = "\(hexadecimal(major)):\(hexadecimal(minor)):\(inode)"
    for line in table.lines() {
      let fields = line.fields(separatedBy: UInt8(ascii: " ")).filter { !$0.isEmpty }
      guard fields.count >= 6, fields[1].equals("FLOCK"), fields[5].equals(file) else { continue }
      if let pid = fields[4].decimal.flatMap({ Int32(exactly: $0) }), pid > 0 { return pid }
    }
    return nil
  }

  /// The number with at least two digits, as the kernel's `%02x` prints it.
  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return digits.utf8.count < 2 ? "0" + digits : digits
  }
}

/// The process that holds a lock.
package struct LockHolder: Sendable, Equatable {
  package var pid: Int32
  /// Name of its program, from `/proc/PID/comm`; empty if that cannot be read.
  package var command: String

  /// `command` is the contents of `/proc/PID/comm`.
  package init(pid: Int32, command: [UInt8]) {
    self.pid = pid
    var lines = command.lines()
    self.command = lines.next()?.text ?? ""
  }

  /// `process 4711 (python3)`.
  var words: String { "process \(pid)" + (command.isEmpty ? "" : " (\(command))") }
}

/// Whether a run could lock the published file.
package enum LockState: Sendable, Equatable {
  case free
  /// Another process holds the lock. It is `nil` if it is not known which.
  case held(LockHolder?)
  /// Something stands in the lock file's place that is not a lock file of this user.
  case foreign
  case unknown(Errno)
}
