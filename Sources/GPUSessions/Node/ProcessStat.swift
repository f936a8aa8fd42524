/// The fields of `/proc/<pid>/stat` that tell who the process is and whether it is still that one.
///
/// Source of the format: proc_pid_stat(5).
package struct ProcessStat: Sendable, Equatable {
  private var file: [UInt8]
  private var name: Range<Int>
  /// The state letter; `Z` and `X` are dead.
  package let state: UInt8
  /// PID of the parent; 0 where that is outside this PID namespace.
  package let parent: Int32
  /// Start of the process in ticks of 1/100 s (USER_HZ) since boot.
  package let startTicks: UInt64

  /// The command name, raw: any bytes but NUL, newlines and `)` too. Empty if the process has none.
  package var comm: [UInt8] { Array(file[name]) }

  /// Gives back what keeps the name, which is empty from then on.
  mutating func forgetName() { (file, name) = ([], 0..<0) }

  /// Parses the content of the file; `nil` where it does not have the form, nothing is guessed.
  ///
  /// The name ends at the last `)`: all that follows it is numbers and the state letter.
  package init?(_ file: [UInt8]) {
    guard let open = file[...].position(of: UInt8(ascii: "(")), let close = ProcessStat.lastParenthesis(file),
      open < close, close + 3 < file.count, file[close + 1] == UInt8(ascii: " "),
      file[close + 2] != UInt8(ascii: " "), file[close + 3] == UInt8(ascii: " ")
    else { return nil }
    // Fields 4 and 22 of the manual page; each has a space before it and one after it.
    let bytes = file.span
    var place = close + 4
    guard let parent = ProcessStat.number(bytes, &place).flatMap({ Int32(exactly: $0) }) else { return nil }
    guard ProcessStat.pass(spaces: 17, bytes, &place), let start = ProcessStat.number(bytes, &place) else {
      return nil
    }
    (self.file, name, state) = (file, (open + 1)..<close, file[close + 2])
    (self.parent, startTicks) = (parent, start)
  }

  /// The kernel cuts names at 15 bytes, those of its own threads at 63: none reaches as far.
  private static let latestEnd = 96

  private static func lastParenthesis(_ file: [UInt8]) -> Int? {
    var rest = file.prefix(latestEnd)
    var last: Int?
    while let place = rest.position(of: UInt8(ascii: ")")) {
      last = place
      rest = rest[(place + 1)...]
    }
    return last
  }

  /// Whether so many spaces follow; the place is then behind the last of them.
  private static func pass(spaces: Int, _ bytes: Span<UInt8>, _ place: inout Int) -> Bool {
    var left = spaces
    while place <= bytes.count - 8 {
      let count = countOfBytes(UInt8(ascii: " "), in: bytes.eight(at: place))
      if count >= left { break }
      left -= count
      place += 8
    }
    while left > 0, place < bytes.count {
      if bytes[place] == UInt8(ascii: " ") { left -= 1 }
      place += 1
    }
    return left == 0
  }

  /// The number there, of which the space is passed that must follow.
  private static func number(_ bytes: Span<UInt8>, _ place: inout Int) -> UInt64? {
    let start = place
    var number: UInt64 = 0
    while place < bytes.count, bytes[place] != UInt8(ascii: " ") {
      let digit = bytes[place] &- UInt8(ascii: "0")
      let (tens, overflowed) = number.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tens.addingReportingOverflow(UInt64(digit))
      if digit > 9 || overflowed || carried { return nil }
      number = sum
      place += 1
    }
    guard place > start, place < bytes.count else { return nil }
    place += 1
    return number
  }
}
