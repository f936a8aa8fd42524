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
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")), let close = ProcessStat.lastParenthesis(bytes),
      open < close, let fields = ProcessStat.fields(bytes, after: close), fields.parent.startIndex == close + 4,
      bytes[close + 1] == UInt8(ascii: " "), bytes[close + 2] != UInt8(ascii: " "),
      let parent = fields.parent.decimal.flatMap({ Int32(exactly: $0) }), let start = fields.start.decimal
    else { return nil }
    self.comm = Array(bytes[(open + 1)..<close])
    self.state = bytes[close + 2]
    self.parent = parent
    self.startTicks = start
  }

  /// The kernel cuts names at 15 bytes, those of its own threads at 63: none reaches as far.
  private static let latestEnd = 96

  private static func lastParenthesis(_ bytes: [UInt8]) -> Int? {
    let all = bytes.span
    var place = min(all.count, latestEnd)
    while place > 0 {
      place -= 1
      if all[place] == UInt8(ascii: ")") { return place }
    }
    return nil
  }

  /// Fields 4 and 22 of the manual page; each has a space before it and one after it.
  private static func fields(
    _ bytes: [UInt8], after name: Int
  ) -> (parent: ArraySlice<UInt8>, start: ArraySlice<UInt8>)? {
    let all = bytes.span
    var (spaces, begin, parent) = (0, 0, 0..<0)
    for place in (name + 1)..<all.count where all[place] == UInt8(ascii: " ") {
      spaces += 1
      if spaces == 3 { parent = begin..<place }
      if spaces == 21 { return (bytes[parent], bytes[begin..<place]) }
      begin = place + 1
    }
    return nil
  }
}
