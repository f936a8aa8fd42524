/// The fields of `/proc/<pid>/stat` that tell which process has this PID, its parent and its state.
///
/// Source of the format: proc_pid_stat(5).
package struct ProcessStat: Sendable, Equatable {
  /// The kernel's name of the process, as bytes: it may contain anything but NUL. Empty if there is none.
  package var comm: [UInt8]
  /// The state letter; `Z` and `X` are dead.
  package var state: UInt8
  /// PID of the parent; 0 if the parent is outside of this PID namespace.
  package let parent: Int32
  /// When the process started, in ticks of 1/100 s (USER_HZ) since boot.
  package let startTicks: UInt64

  /// Parses the content of the file; `nil` if it does not have the form.
  ///
  /// The name may contain spaces and parentheses. It ends at the last `)`, because only numbers and the state letter
  /// follow it; the kernel writes at most 63 bytes of the name (`proc_task_name` in `fs/proc/array.c`).
  package init?(_ file: [UInt8]) {
    guard let open = file[...].position(of: UInt8(ascii: "(")),
      let close = file[(open + 1)...].prefix(64).lastPosition(of: UInt8(ascii: ")")),
      file[(close + 1)...].first == UInt8(ascii: " ")
    else { return nil }
    // The manual page counts fields from 1; the name is field 2.
    var (number, start) = (3, close + 2)
    var (state, parent, ticks): (UInt8?, Int32?, UInt64?)
    let bytes = file.span
    for end in start..<bytes.count where bytes[end] == UInt8(ascii: " ") {
      switch number {
      case 3: state = end == start + 1 ? bytes[start] : nil
      case 4: parent = file[start..<end].decimal.flatMap { Int32(exactly: $0) }
      case 22: ticks = file[start..<end].decimal
      default: break
      }
      if number == 22 { break }
      (number, start) = (number + 1, end + 1)
    }
    guard let state, let parent, let ticks else { return nil }
    comm = Array(file[(open + 1)..<close])
    (self.state, self.parent, startTicks) = (state, parent, ticks)
  }
}
