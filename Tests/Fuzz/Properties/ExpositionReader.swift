/// A strict reader of the Prometheus text format 0.0.4, written by the format's rules and apart from what writes it.
///
/// Of what the format leaves free it accepts only what a well-behaved writer prints: one blank between fields, no
/// timestamp, HELP then TYPE before the samples of a family, which stand together.
package struct ExpositionReader {
  package struct Sample: Sendable {
    package var name: String
    package var labels: [String: String] = [:]
    package var value: Double
    /// Name and labels by byte, in one order: for Prometheus an empty label is none.
    package var series: [UInt8]
  }

  /// What is wrong, and in which line.
  package struct Malformed: Error, Equatable {
    package var line: Int
    package var what: String
  }

  package private(set) var samples: [Sample] = []
  private var series: Set<[UInt8]> = []
  private var described: Set<String> = []
  private var typed: Set<String> = []
  private var current = ""

  /// Reads a whole file.
  package init(_ file: [UInt8]) throws(Malformed) {
    guard file.last == UInt8(ascii: "\n") else { throw Malformed(line: 0, what: "no line feed at the end") }
    let lines = file.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      var cursor = Cursor(rest: line)
      do throws(Cursor.Unexpected) {
        try read(&cursor)
      } catch {
        throw Malformed(line: index + 1, what: error.what)
      }
    }
  }

  private mutating func read(_ line: inout Cursor) throws(Cursor.Unexpected) {
    guard String(validating: line.rest, as: UTF8.self) != nil else { throw .init(what: "invalid UTF-8") }
    if line.accept("# HELP ") {
      current = try line.name(allowingColon: true)
      try line.expect(" ")
      if !described.insert(current).inserted { throw .init(what: "the family \(current) is there twice") }
      if line.rest.isEmpty || line.rest.contains(UInt8(ascii: "\\")) { throw .init(what: "no plain help") }
    } else if line.accept("# TYPE ") {
      try line.expect(current + " gauge")
      if !line.rest.isEmpty || !described.contains(current) { throw .init(what: "no plain type") }
      if !typed.insert(current).inserted { throw .init(what: "a second type") }
    } else {
      try readSample(&line)
    }
  }

  private mutating func readSample(_ line: inout Cursor) throws(Cursor.Unexpected) {
    let name = try line.name(allowingColon: true)
    if name != current || !typed.contains(name) { throw .init(what: "\(name) is outside of its family") }
    var pairs: [(name: String, value: [UInt8])] = []
    if line.accept("{") {
      repeat {
        let label = try line.name(allowingColon: false)
        try line.expect("=\"")
        pairs.append((label, try line.labelValue()))
      } while line.accept(",")
      try line.expect("}")
    }
    try line.expect(" ")
    guard let value = Double(String(decoding: line.rest, as: UTF8.self)), value.isFinite,
      line.rest.allSatisfy({ "0123456789+-.e".utf8.contains($0) })
    else { throw .init(what: "no number") }
    if Set(pairs.map(\.name)).count < pairs.count { throw .init(what: "a label twice") }
    var sample = Sample(name: name, value: value, series: Array(name.utf8))
    for pair in pairs.sorted(by: { $0.name < $1.name }) {
      sample.labels[pair.name] = String(decoding: pair.value, as: UTF8.self)
      if !pair.value.isEmpty { sample.series += [0xFF] + Array(pair.name.utf8) + [0xFE] + pair.value }
    }
    if !series.insert(sample.series).inserted { throw .init(what: "a series twice") }
    samples.append(sample)
  }
}

/// Reads a line from its start.
private struct Cursor {
  struct Unexpected: Error { var what: String }

  var rest: ArraySlice<UInt8>

  mutating func accept(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  mutating func expect(_ text: String) throws(Unexpected) {
    if !accept(text) { throw Unexpected(what: "expected \(text)") }
  }

  /// `[a-zA-Z_:][a-zA-Z0-9_:]*`, of labels without the colon.
  mutating func name(allowingColon: Bool) throws(Unexpected) -> String {
    let name = rest.prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: allowingColon && byte == UInt8(ascii: ":")
      }
    }
    guard let first = name.first, !(0x30...0x39).contains(first) else { throw Unexpected(what: "no name") }
    rest = rest.dropFirst(name.count)
    return String(decoding: name, as: UTF8.self)
  }

  /// Up to the quote that ends it, `\\`, `\"` and `\n` undone.
  mutating func labelValue() throws(Unexpected) -> [UInt8] {
    var value: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return value }
      guard byte == UInt8(ascii: "\\") else {
        value.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
      case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
      default: throw Unexpected(what: "a backslash that escapes nothing")
      }
    }
    throw Unexpected(what: "a label value without end")
  }
}
