import GPUSessions

// A second, plain reading of what nvidia-smi printed: only good for counting, and slow.

/// The lines that are neither blank nor a known message.
func contentLines(_ input: [UInt8]) -> [[UInt8]] {
  input.split(separator: UInt8(ascii: "\n")).map(Array.init).filter { line in
    line.contains { !isBlank($0) } && SMIDiagnostic(line[...]) == nil
  }
}

/// The cells of one line of CSV, blanks around them removed.
func cells(_ line: [UInt8]) -> [[UInt8]] {
  line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { withoutBlanks(Array($0)) }
}

/// The bytes without blanks at both ends.
func withoutBlanks(_ bytes: [UInt8]) -> [UInt8] {
  guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
  else { return [] }
  return Array(bytes[first...last])
}

/// The lines below the first one whose cells begin with all of the words; `nil` if there is no such line.
func rows(_ input: [UInt8], below words: [String]) -> [[UInt8]]? {
  let lines = contentLines(input)
  let header = lines.firstIndex { line in
    let names = cells(line).map { $0.prefix { $0 != UInt8(ascii: " ") } }
    return words.allSatisfy { word in names.contains { $0.elementsEqual(word.utf8) } }
  }
  return header.map { Array(lines[($0 + 1)...]) }
}

func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(byte) }

/// Whether `part` occurs in `whole`; always so for an empty one.
func occurs(_ part: some Collection<UInt8>, in whole: [UInt8]) -> Bool {
  guard let first = part.first else { return true }
  return whole.indices.contains { whole[$0] == first && whole[$0...].starts(with: part) }
}

extension [UInt8] {
  /// Invalid UTF-8 replaced.
  var asText: String { String(decoding: self, as: UTF8.self) }
}

/// What has no one number: two of them in a list.
func hasDuplicates(_ values: [some Hashable]) -> Bool { Set(values).count < values.count }
