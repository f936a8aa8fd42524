/// The result of reading one file or one symbolic link.
package enum FileRead: Sendable, Equatable {
  case bytes([UInt8])
  /// There is no such file, or its process has ended (ENOENT, ENOTDIR, ESRCH).
  case absent
  case failed(Errno)
  /// The file is longer than the limit. None of its bytes are returned.
  case tooLong

  /// The bytes that were read; `nil` if the file is absent, unreadable or too long.
  package var contents: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }
}

/// The result of listing one directory.
package enum DirectoryRead<Entries: Sendable & Equatable>: Sendable, Equatable {
  case entries(Entries)
  /// There is no such directory (ENOENT, ENOTDIR, ESRCH).
  case absent
  case failed(Errno)
}

/// The result of opening the directory of one process.
package enum DirectoryOpened: Sendable, Equatable {
  case opened
  /// There is no process with this PID.
  case absent
  case failed(Errno)
}

/// Owner and permissions of a file or a directory.
package struct FileStatus: Sendable, Equatable {
  /// Permission bits, 0 to 0o7777.
  package var mode: UInt32
  /// UID of the owner.
  package var owner: UInt32
  /// Why this process cannot create a file in the directory; `nil` if it can.
  package var writeFailure: Errno?

  package init(mode: UInt32, owner: UInt32, writeFailure: Errno? = nil) {
    self.mode = mode
    self.owner = owner
    self.writeFailure = writeFailure
  }

  /// The mode as chmod(1) takes it, with at least four digits: `0644`.
  var octal: String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// Whether users other than the owner and its group may read the file.
  var isReadableByOthers: Bool { mode & 0o4 != 0 }

  /// Whether a user may list the directory, that is, has both `r` and `x`.
  ///
  /// The user's groups are unknown: permission for the group counts as permission for the user.
  func isReadable(by uid: UInt32) -> Bool {
    if uid == 0 || mode & 0o005 == 0o005 || mode & 0o050 == 0o050 { return true }
    return uid == owner && mode & 0o500 == 0o500
  }
}
