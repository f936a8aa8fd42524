/// One sample of the text exposition format: `name{label="value",…} value [timestamp]`.
///
/// Sources: Prometheus, "Exposition formats", text format 0.0.4; OpenMetrics 1.0.
struct PublishedSample: Sendable {
  var labels = PublishedLabels()
  var value: Double
  /// When the value was scraped, seconds since 1970; `nil` if the line does not say it.
  var timestamp: Double?

  /// Reads what follows the name; `nil` if it is not of the format.
  init?(afterName text: ArraySlice<UInt8>) {
    var rest = text.withoutLeadingBlanks
    if rest.first == UInt8(ascii: "{") {
      rest = rest.dropFirst()
      guard readLabels(&rest, into: &labels) else { return nil }
    }
    guard let value = readNumber(&rest) else { return nil }
    self.value = value
    // OpenMetrics allows an exemplar behind ` # `.
    if rest.isEmpty || rest.first == UInt8(ascii: "#") { return }
    guard let timestamp = readNumber(&rest), timestamp.isFinite, rest.isEmpty || rest.first == UInt8(ascii: "#")
    else { return nil }
    self.timestamp = inSeconds(timestamp)
  }

  /// The value as a number of bytes or of things; `nil` if it is none.
  var whole: UInt64? { UInt64(exactly: value) }

  /// The value as a figure; `nil` if it is not finite.
  var figure: Double? { value.isFinite ? value : nil }
}

/// A timestamp in seconds. The text format has milliseconds, OpenMetrics has seconds.
///
/// The size tells which one it is, so that pages of both may follow each other in a file: 10^11 seconds are in the year
/// 5138, and 10^11 milliseconds are in 1973.
private func inSeconds(_ timestamp: Double) -> Double { timestamp.magnitude < 1e11 ? timestamp : timestamp / 1000 }

/// Takes a number and the blanks around it.
private func readNumber(_ rest: inout ArraySlice<UInt8>) -> Double? {
  rest = rest.withoutLeadingBlanks
  let word = rest.prefix { !isBlank($0) }
  rest = rest[word.endIndex...].withoutLeadingBlanks
  return word.fixedPoint ?? Double(word.text)
}

/// Takes labels up to and with the closing brace. Returns `false` if they are not of the format.
private func readLabels(_ rest: inout ArraySlice<UInt8>, into labels: inout PublishedLabels) -> Bool {
  while true {
    rest = rest.withoutLeadingBlanks
    if rest.first == UInt8(ascii: "}") {
      rest = rest.dropFirst()
      return true
    }
    guard let name = readLabelName(&rest), rest.first == UInt8(ascii: "=") else { return false }
    rest = rest.dropFirst().withoutLeadingBlanks
    guard let value = readQuoted(&rest), labels.add(name, value) else { return false }
    rest = rest.withoutLeadingBlanks
    if rest.first == UInt8(ascii: ",") {
      rest = rest.dropFirst()
    } else if rest.first != UInt8(ascii: "}") {
      return false
    }
  }
}

/// Takes a label's name. Prometheus 3 quotes names that have other characters than the older ones had.
private func readLabelName(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  let name: ArraySlice<UInt8>
  if rest.first == UInt8(ascii: "\"") {
    guard let quoted = readQuoted(&rest) else { return nil }
    name = quoted
  } else {
    name = rest.prefix { isMetricNameByte($0) }
    rest = rest[name.endIndex...]
  }
  rest = rest.withoutLeadingBlanks
  return name.isEmpty ? nil : name
}

/// Takes a text in quotes, and returns it with its escapes undone.
private func readQuoted(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  guard rest.first == UInt8(ascii: "\"") else { return nil }
  let inner = rest.dropFirst()
  guard let quote = inner.position(of: UInt8(ascii: "\"")) else { return nil }
  if inner[..<quote].position(of: UInt8(ascii: "\\")) == nil {
    rest = inner[(quote + 1)...]
    return inner[..<quote]
  }
  return readEscaped(&rest)
}

/// Takes a text in quotes that has escapes.
private func readEscaped(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  rest = rest.dropFirst()
  var text: [UInt8] = []
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "\"") { return text[...] }
    guard byte == UInt8(ascii: "\\") else {
      text.append(byte)
      continue
    }
    switch rest.popFirst() {
    case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
    case let escaped? where escaped == UInt8(ascii: "\\") || escaped == UInt8(ascii: "\""): text.append(escaped)
    default: return nil
    }
  }
  return nil
}

/// Whether the byte may be in the name of a metric: `[a-zA-Z0-9_:]`.
func isMetricNameByte(_ byte: UInt8) -> Bool {
  isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
    || byte == UInt8(ascii: ":")
}

extension ArraySlice<UInt8> {
  /// The bytes without spaces, tabs and carriage returns in front.
  var withoutLeadingBlanks: ArraySlice<UInt8> {
    var start = startIndex
    while start < endIndex, isBlank(self[start]) { start += 1 }
    return self[start...]
  }
}
