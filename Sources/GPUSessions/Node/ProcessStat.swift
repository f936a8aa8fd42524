/// The fields of `/proc/<pid>/stat` that tell which process has this PID, its parent and its state.
///
/// Source of the format: proc_pid_stat(5).
package struct ProcessStat: Sendable, Equatable {
  /// The kernel's name of the process, as bytes: it may contain anything but NUL. Empty if there is none.
  package var comm: [UInt8]
  /// The state letter; `Z` and `X` are dead.
  package let state: UInt8
  /// PID of the parent; 0 if the parent is outside of this PID namespace.
  package let parent: Int32
  /// When the process started, in ticks of 1/100 s (USER_HZ) since boot.
  package let startTicks: UInt64

  /// Parses the content of the file; `nil` if it does not have the form.
  ///
  /// The name may contain spaces and parentheses. It ends at the last `)`, because only numbers and the state letter
  /// follow it.
  package init?(_ file: [UInt8]) {
    guard let open = file.firstIndex(of: UInt8(ascii: "(")), let close = file.lastIndex(of: UInt8(ascii: ")")),
      open < close
    else { return nil }
    // The manual page counts fields from 1 and the name is field 2, so field N is `fields[N - 2]`, and `fields[0]` is
    // the empty text before the space. Everything after field 22 is left in one piece.
    let fields = file[(close + 1)...].fields(separatedBy: UInt8(ascii: " "), maxSplits: 21)
    guard fields.count == 22, fields[0].isEmpty, fields[1].count == 1, let state = fields[1].first,
      let parent = fields[2].decimal.flatMap({ Int32(exactly: $0) }), let start = fields[20].decimal
    else { return nil }
    comm = Array(file[(open + 1)..<close])
    (self.state, self.parent, startTicks) = (state, parent, start)
  }
}
