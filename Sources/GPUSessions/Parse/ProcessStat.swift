/// The fields of `/proc/<pid>/stat` that tell who the process is and whether it is still that one.
///
/// Source of the format: proc_pid_stat(5).
package struct ProcessStat: Sendable, Equatable {
  /// The command name, raw: any bytes but NUL, newlines and `)` too. Empty if the process has none.
  package var comm: [UInt8]
  /// The state letter; `Z` and `X` are dead.
  package var state: UInt8
  /// PID of the parent; 0 where that is outside this PID namespace.
  package var parent: Int32
  /// Start of the process in ticks of 1/100 s (USER_HZ) since boot.
  package var startTicks: UInt64

  /// Parses the content of the file; `nil` where it does not have the form, nothing is guessed.
  ///
  /// The name ends at the last `)`: all that follows it is numbers and the state letter.
  package init?(_ bytes: [UInt8]) {
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
      let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
    else { return nil }
    let rest = bytes[(close + 1)...]
    guard rest.first == UInt8(ascii: " ") else { return nil }
    // Field 3 of the manual page is the first one here, field 22 the twentieth.
    var fields = rest.dropFirst().eachField(separatedBy: UInt8(ascii: " "))
    guard let letter = fields.next(), letter.count == 1, let state = letter.first,
      let parent = fields.next()?.decimal.flatMap({ Int32(exactly: $0) })
    else { return nil }
    for _ in 3...19 { _ = fields.next() }
    guard let start = fields.next()?.decimal, fields.rest != nil else { return nil }
    self.comm = Array(bytes[(open + 1)..<close])
    self.state = state
    self.parent = parent
    self.startTicks = start
  }
}
