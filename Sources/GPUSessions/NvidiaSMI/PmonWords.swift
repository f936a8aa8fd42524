extension Pmon.Row {
  init(_ words: borrowing PmonWords, _ columns: PmonColumns) {
    self.init(
      type: words.type(columns.type),
      utilization: ProcessUtilization(
        sm: words.percent(columns.sm), memoryBandwidth: words.percent(columns.bandwidth),
        encoder: words.percent(columns.encoder), decoder: words.percent(columns.decoder)),
      memoryBytes: words.mebibytes(columns.memory))
  }
}

/// Where the columns of a header stand; `nil` for one that is not there.
struct PmonColumns {
  let pid, type, sm, bandwidth, encoder, decoder, memory: Int?
  /// Columns before the command, which may be of several words or none.
  let fixedCount: Int

  init(_ names: [String]) {
    pid = names.firstIndex(of: "pid")
    type = names.firstIndex(of: "type")
    sm = names.firstIndex(of: "sm")
    bandwidth = names.firstIndex(of: "mem")
    encoder = names.firstIndex(of: "enc")
    decoder = names.firstIndex(of: "dec")
    memory = names.firstIndex(of: "fb")
    fixedCount = names.firstIndex(of: "command") ?? names.count
  }
}

/// What stands between the blanks of a line of pmon.
///
/// Nearly every word is a number of a few digits or a dash: those are read where they stand, the others as a ``SMIValue``.
struct PmonWords {
  private var line: ArraySlice<UInt8> = []
  /// Offsets in the line.
  private var ranges: [Range<Int>] = []

  var count: Int { ranges.count }

  /// The word with this index; empty where there is none.
  subscript(index: Int?) -> ArraySlice<UInt8> {
    guard let index, index < ranges.count else { return [] }
    return line[(line.startIndex + ranges[index].lowerBound)..<(line.startIndex + ranges[index].upperBound)]
  }

  mutating func read(_ line: ArraySlice<UInt8>) {
    self.line = line
    ranges.removeAll(keepingCapacity: true)
    let bytes = line.span
    var end = 0
    while true {
      var start = end
      while start < bytes.count, isBlank(bytes[start]) { start += 1 }
      if start == bytes.count { return }
      end = start + 1
      while end < bytes.count, bytes[end] > UInt8(ascii: " ") || !isBlank(bytes[end]) { end += 1 }
      ranges.append(start..<end)
    }
  }

  /// The PID in this column; `nil` for a non-value and for what is none.
  func pid(_ index: Int?) -> Int32? {
    let pid: Int?
    switch short(index) {
    case .number(let number): pid = Int(exactly: number)
    case .dash: return nil
    case .other: pid = SMIValue(self[index]).integer
    }
    return pid.flatMap { Int32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  func percent(_ index: Int?) -> Double? {
    switch short(index) {
    case .number(let number): number <= 100 ? Double(number) : nil
    case .dash: nil
    case .other: SMIValue(self[index]).percent
    }
  }

  func mebibytes(_ index: Int?) -> UInt64? {
    switch short(index) {
    case .number(let number): number * 1_048_576
    case .dash: nil
    case .other: SMIValue(self[index]).mebibytes
    }
  }

  func type(_ index: Int?) -> String? {
    let word = self[index]
    // By far the most are compute processes.
    if word.count == 1, word.first == UInt8(ascii: "C") { return "C" }
    let type = SMIValue(word).text
    return type.isEmpty ? nil : type
  }

  private enum Short {
    case number(UInt64), dash, other
  }

  private func short(_ index: Int?) -> Short {
    guard let index, index < ranges.count, ranges[index].count <= 12 else { return .other }
    let bytes = line.span
    let range = ranges[index]
    if range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "-") { return .dash }
    var number: UInt64 = 0
    for offset in range {
      let digit = bytes[offset] &- UInt8(ascii: "0")
      if digit > 9 { return .other }
      number = number &* 10 &+ UInt64(digit)
    }
    return .number(number)
  }
}
