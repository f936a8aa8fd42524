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
    // Fields 3, 4 and 22 of the manual page; each has a space before it and one after it.
    let blanks = ProcessStat.spaces(bytes, from: close + 1)
    guard blanks.count == 21, blanks[0] == close + 1, blanks[1] == close + 3,
      let parent = bytes[(blanks[1] + 1)..<blanks[2]].decimal.flatMap({ Int32(exactly: $0) }),
      let start = bytes[(blanks[19] + 1)..<blanks[20]].decimal
    else { return nil }
    self.comm = Array(bytes[(open + 1)..<close])
    self.state = bytes[close + 2]
    self.parent = parent
    self.startTicks = start
  }

  /// Where the first 21 spaces stand; fewer where there are fewer.
  private static func spaces(_ bytes: [UInt8], from start: Int) -> [Int] {
    var found: [Int] = []
    found.reserveCapacity(21)
    for place in start..<bytes.count where bytes[place] == UInt8(ascii: " ") {
      found.append(place)
      if found.count == 21 { break }
    }
    return found
  }
}
