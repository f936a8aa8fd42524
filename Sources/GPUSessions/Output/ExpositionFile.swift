/// A file in the exposition format, as node_exporter's textfile collector reads it.
///
/// Source: prometheus/common `expfmt/text_parse.go`. One wrong line makes node_exporter drop the whole file.
package struct ExpositionFile: Sendable {
  /// Why node_exporter drops the file.
  package enum Flaw: Error, Sendable, Equatable {
    case noFinalNewline
    case invalidUTF8
    /// The number of the wrong line, from 1.
    case line(Int)

    var sentence: String {
      switch self {
      case .noFinalNewline: "the last line has no line feed at its end"
      case .invalidUTF8: "it is not UTF-8"
      case .line(let number): "line \(number) is not in the exposition format"
      }
    }
  }

  /// When the run that wrote the file started, in seconds since 1970; `nil` if there is no such sample or its value is
  /// not finite.
  package private(set) var lastRunSeconds: Double?
  /// 1 if the run that wrote the file read everything, otherwise 0; `nil` if there is no such sample.
  package private(set) var success: Double?

  /// Checks every line of the file (text format 0.0.4). Throws the first flaw.
  package init(_ bytes: [UInt8]) throws(Flaw) {
    if let last = bytes.last, last != UInt8(ascii: "\n") { throw .noFinalNewline }
    if String(validating: bytes, as: UTF8.self) == nil { throw .invalidUTF8 }
    let lines = bytes.fields(separatedBy: UInt8(ascii: "\n")).dropLast()
    for (position, line) in lines.enumerated() where !line.isEmpty {
      if line.first == UInt8(ascii: "#") {
        guard isComment(line) else { throw .line(position + 1) }
        continue
      }
      guard let sample = ExpositionSample(line) else { throw .line(position + 1) }
      take(sample)
    }
  }

  private mutating func take(_ sample: ExpositionSample) {
    if sample.name.equals("gpu_session_collector_last_run_timestamp_seconds"), sample.value.isFinite {
      lastRunSeconds = sample.value
    } else if sample.name.equals("gpu_session_collector_success") {
      success = sample.value
    }
  }

  /// Returns the metric names at the beginning of lines. The file need not be valid.
  package static func families(in bytes: [UInt8]) -> Set<String> {
    var names: Set<String> = []
    for line in bytes[...].lines() {
      let name = line.prefix { isNameByte($0) }
      if !name.isEmpty { names.insert(name.text) }
    }
    return names
  }
}

/// Whether a line that begins with `#` is `# HELP name text`, `# TYPE name type` or any other comment.
private func isComment(_ line: ArraySlice<UInt8>) -> Bool {
  let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
  guard words.count > 1, words[0].equals("#") else { return true }
  if words[1].equals("HELP") { return words.count > 2 && isName(words[2]) }
  if !words[1].equals("TYPE") { return true }
  return words.count == 4 && isName(words[2]) && types.contains { words[3].equals($0) }
}

private let types = ["gauge", "counter", "untyped", "histogram", "summary"]

private func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
  guard let first = bytes.first else { return false }
  return !(0x30...0x39).contains(first) && bytes.allSatisfy { isNameByte($0) }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
}

/// One sample. A timestamp is an error, because node_exporter drops files that have timestamps.
private struct ExpositionSample {
  var name: ArraySlice<UInt8>
  var value: Double

  /// Parses `name value` or `name{label="value",…} value`; `nil` if the line is neither.
  init?(_ line: ArraySlice<UInt8>) {
    name = line.prefix { isNameByte($0) }
    guard isName(name) else { return nil }
    var rest = line.dropFirst(name.count)
    if rest.first == UInt8(ascii: "{") {
      guard let end = ExpositionSample.endOfLabels(rest.dropFirst()) else { return nil }
      rest = rest[end...]
    }
    guard rest.first == UInt8(ascii: " ") || rest.first == UInt8(ascii: "\t"), let value = Double(rest.trimmed.text)
    else { return nil }
    self.value = value
  }

  /// Returns the index after the closing brace; `nil` if the labels are not valid. `labels` begins after the opening one.
  private static func endOfLabels(_ labels: ArraySlice<UInt8>) -> Int? {
    var rest = labels
    while let first = rest.first {
      if first == UInt8(ascii: "}") { return rest.startIndex + 1 }
      let name = rest.prefix { isNameByte($0) }
      rest = rest.dropFirst(name.count)
      guard isName(name), rest.starts(with: "=\""), let end = endOfValue(rest.dropFirst(2)) else { return nil }
      rest = rest[end...]
      let next = rest.first
      guard next == UInt8(ascii: ",") || next == UInt8(ascii: "}") else { return nil }
      if next == UInt8(ascii: ",") { rest = rest.dropFirst() }
    }
    return nil
  }

  /// Returns the index after the closing quote; `nil` if there is none or an escape is invalid. `value` begins after the
  /// opening quote.
  private static func endOfValue(_ value: ArraySlice<UInt8>) -> Int? {
    var rest = value
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return rest.startIndex }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard let escaped = rest.popFirst(), "\\\"n".utf8.contains(escaped) else { return nil }
    }
    return nil
  }
}
