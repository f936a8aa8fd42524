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
  /// follow it.
  package init?(_ file: [UInt8]) {
    guard let open = file[...].position(of: UInt8(ascii: "(")),
      let close = file[...].lastPosition(of: UInt8(ascii: ")")),
      open < close, file[(close + 1)...].first == UInt8(ascii: " ")
    else { return nil }
    // The manual page counts fields from 1; the name is field 2.
    var (state, parent, start): (UInt8?, Int32?, UInt64?)
    var rest = file[(close + 2)...]
    for number in 3...22 {
      guard let end = rest.position(of: UInt8(ascii: " ")) else { return nil }
      let field = rest[..<end]
      switch number {
      case 3: state = field.count == 1 ? field.first : nil
      case 4: parent = field.decimal.flatMap { Int32(exactly: $0) }
      case 22: start = field.decimal
      default: break
      }
      rest = rest[(end + 1)...]
    }
    guard let state, let parent, let start else { return nil }
    comm = Array(file[(open + 1)..<close])
    (self.state, self.parent, startTicks) = (state, parent, start)
  }
}
