/// The fields of `/proc/<pid>/status` that tell whose a process is.
///
/// Source of the format: proc_pid_status(5).
package struct ProcessStatus: Sendable, Equatable {
  /// The real user ID, the first number of the `Uid:` line.
  package var uid: UInt32
  /// Whether the process lives in a PID namespace below the reader's: `NSpid:` has more than one number.
  package var isInNestedPIDNamespace: Bool

  /// Parses the content of the file; `nil` if it has no `Uid:` line of four numbers.
  ///
  /// The process's name in the first line cannot forge another line, because the kernel escapes line feeds in it.
  package init?(_ bytes: [UInt8]) {
    var uid: UInt32?
    isInNestedPIDNamespace = false
    for line in bytes[...].lines() {
      if uid == nil, line.starts(with: "Uid:") {
        guard let found = realUID(words(line.dropFirst(4))) else { return nil }
        uid = found
      } else if line.starts(with: "NSpid:") {
        isInNestedPIDNamespace = words(line.dropFirst(6)).count > 1
        // The kernel writes both lines once, `Uid:` first, and some forty lines after them.
        if uid != nil { break }
      }
    }
    guard let uid else { return nil }
    self.uid = uid
  }
}

/// The first of the real, effective, saved and file system user ID; `nil` unless there are four numbers.
private func realUID(_ numbers: Words) -> UInt32? {
  guard numbers.count == 4, numbers.allSatisfy({ $0.decimal != nil }) else { return nil }
  return numbers[0].decimal.flatMap { UInt32(exactly: $0) }
}
