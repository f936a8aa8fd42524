/// The columns of the processes in nvidia-smi's table, as its header places them.
///
/// Five forms are known: `GPU PID Type Process name … Usage` before 450, then with `GI CI` and `GPU Memory`, 79 bytes wide
/// before 530, 89 before 550 and 91 since. Since 570 the column `PID` is wider and the name is narrower.
struct ProcessColumns {
  /// Whether rows have the IDs of a MIG instance, which are `N/A` on a GPU without MIG.
  private let hasInstance: Bool
  /// Where the word `Type` stands; the type of a row stands below it.
  private let type: Range<Int>
  /// Where names begin.
  private let nameStart: Int
  /// The number of bytes of every row.
  private let width: Int
  /// Reads a line; `nil` if it is not the header.
  init?(header line: ArraySlice<UInt8>) {
    guard line.starts(with: "|  GPU "), let nameStart = line.offset(of: "Process name"),
      let typeStart = line.offset(of: "Type"), typeStart < nameStart, line.offset(of: " PID ") != nil,
      let memory = line.offset(of: "GPU Memory") ?? line.offset(of: "Usage"), memory > nameStart
    else { return nil }
    hasInstance = line.offset(of: " GI ") != nil
    type = typeStart..<(typeStart + 4)
    self.nameStart = nameStart
    width = line.count
  }

  /// Returns the row at the start of the bytes, line feeds in its name included; `nil` if none begins there.
  func record(at rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let row = rest.prefix(width)
    guard isAsWide(row.span) else { return nil }
    let next = rest[row.endIndex...].first
    return next == nil || next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r") ? row : nil
  }

  private func isAsWide(_ row: Span<UInt8>) -> Bool {
    row.count == width && row[0] == UInt8(ascii: "|") && row[width - 1] == UInt8(ascii: "|")
  }

  /// The index at the start of a line that is as wide as a row; `nil` without one.
  func gpu(ofRow line: ArraySlice<UInt8>) -> Int? {
    isAsWide(line.span) ? words(line.dropFirst()).first?.integer : nil
  }

  /// Reads a row; `nil` for everything else, which is not as wide as the header or has other columns.
  func process(_ line: ArraySlice<UInt8>) -> SMITable.Process? {
    let bytes = line.span
    guard isAsWide(bytes) else { return nil }
    let typeCell = bytes.extracting(bytes.trimming(type))
    // What is longer than the cell stands elsewhere, and then so does all else in the line.
    guard isType(typeCell), isBlank(bytes[type.upperBound]) else { return nil }
    let start = line.startIndex
    let numbers = words(line[(start + 1)..<(start + type.lowerBound)])
    guard numbers.count == (hasInstance ? 4 : 2), let gpu = numbers[0].integer,
      let pid = SMIValue(word: numbers[numbers.count - 1]).pid
    else { return nil }
    let rest = bytes.trimming(nameStart..<(width - 1))
    let memoryStart = bytes.extracting(rest).offsetBehindLastBlank + rest.lowerBound
    let name = bytes.trimming(rest.lowerBound..<memoryStart)
    var process = SMITable.Process(
      gpu: gpu, pid: pid, type: typeCell.text, name: line[(start + name.lowerBound)..<(start + name.upperBound)],
      memoryBytes: SMIValue(line[(start + memoryStart)..<(start + rest.upperBound)]).mebibytes)
    if hasInstance, let gpuInstance = numbers[1].integer, let computeInstance = numbers[2].integer {
      process.instance = InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance)
    }
    return process
  }

  /// Whether the bytes are letters joined by `+`, as in `C`, `G`, `C+G`, `M+C` and `M+C+G`.
  private func isType(_ bytes: Span<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.areAll { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || $0 == UInt8(ascii: "+") }
  }
}

extension ArraySlice<UInt8> {
  /// Returns where the text first occurs, counted from the start of the slice; `nil` if it does not occur.
  fileprivate func offset(of text: String) -> Int? {
    indices.first { self[$0...].starts(with: text) }.map { $0 - startIndex }
  }
}

extension Span<UInt8> {
  /// The offset behind the last space; 0 if there is none.
  fileprivate var offsetBehindLastBlank: Int {
    var offset = count
    while offset > 0, self[offset - 1] != UInt8(ascii: " ") { offset -= 1 }
    return offset
  }
}
