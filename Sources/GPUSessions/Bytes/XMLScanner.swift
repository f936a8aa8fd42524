/// A tolerant scanner of `nvidia-smi -q -x`: reports elements as they close, never fails.
///
/// Names inside may be raw bytes, the document may be cut or forged: a closing tag without its opening one is passed
/// over, one that skips levels closes them all, and what is not closed at the end is not reported.
package struct XMLScanner {
  /// One element that was closed.
  package struct Element {
    fileprivate let bytes: [UInt8]
    fileprivate let names: ArraySlice<Range<Int>>
    /// Its text if it has no children, entities as they stand; else empty.
    package let text: ArraySlice<UInt8>

    /// How many names its path has.
    package var depth: Int { names.count }

    /// Names from the outermost element to this one.
    package var path: [ArraySlice<UInt8>] { names.map { bytes[$0] } }

    /// Whether this is the name with this index in the path; `false` where there is none.
    package func isNamed(_ index: Int, _ name: XMLName) -> Bool {
      guard index < names.count, names[index].count == name.bytes.count else { return false }
      let (bytes, expected) = (bytes.span, name.bytes.span)
      let start = names[index].lowerBound
      for offset in expected.indices where bytes[start + offset] != expected[offset] { return false }
      return true
    }
  }

  private let bytes: [UInt8]
  private var position = 0
  /// Names of the open elements, and of those that were closed last from `depth` on.
  private var names: [Range<Int>] = []
  /// Where the text of each open element begins; `nil` for one with children.
  private var textStarts: [Int?] = []
  /// Number of open elements.
  private var depth = 0

  /// Depth beyond which nothing is opened; real documents have seven levels.
  private static let depthLimit = 32

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next element that closes; `nil` at the end of the document.
  package mutating func next() -> Element? {
    names.removeLast(names.count - depth)
    while let start = index(of: UInt8(ascii: "<"), from: position) {
      guard let end = index(of: UInt8(ascii: ">"), from: start) else { return nil }
      position = end + 1
      switch end - start == 1 ? nil : bytes[start + 1] {
      case nil, UInt8(ascii: "?"), UInt8(ascii: "!"): continue
      case UInt8(ascii: "/"): if let element = close((start + 2)..<end, at: start) { return element }
      default: begin((start + 1)..<end)
      }
    }
    return nil
  }

  private func index(of byte: UInt8, from start: Int) -> Int? {
    let bytes = bytes.span
    for index in start..<bytes.count where bytes[index] == byte { return index }
    return nil
  }

  private mutating func begin(_ tag: Range<Int>) {
    let end = nameEnd(tag)
    if bytes[tag.upperBound - 1] == UInt8(ascii: "/") || end == tag.lowerBound || depth >= XMLScanner.depthLimit {
      return
    }
    if depth > 0 { textStarts[depth - 1] = nil }
    names.append(tag.lowerBound..<end)
    textStarts.append(position)
    depth += 1
  }

  private func nameEnd(_ tag: Range<Int>) -> Int {
    let bytes = bytes.span
    for index in tag where bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: "/") { return index }
    return tag.upperBound
  }

  private mutating func close(_ tag: Range<Int>, at end: Int) -> Element? {
    let name = bytes[tag].trimmed
    guard let level = names.lastIndex(where: { $0.count == name.count && bytes[$0].isSame(as: name) }) else {
      return nil
    }
    let start = level == depth - 1 ? textStarts[level] : nil
    textStarts.removeLast(depth - level)
    depth = level
    return Element(bytes: bytes, names: names[...level], text: start.map { bytes[$0..<end] } ?? [])
  }
}

/// The name of an element that is looked for.
package struct XMLName: Sendable {
  fileprivate let bytes: [UInt8]

  package init(_ name: String) { bytes = Array(name.utf8) }
}

/// The five entities of XML resolved; anything else stays as it is.
package func decodingEntities(_ text: ArraySlice<UInt8>) -> [UInt8] {
  guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
  var result: [UInt8] = []
  var rest = text
  while let byte = rest.first {
    let entity = entities.first { rest.starts(with: $0.name) }
    result.append(entity?.byte ?? byte)
    rest = rest.dropFirst(entity?.name.utf8.count ?? 1)
  }
  return result
}

private let entities: [(name: String, byte: UInt8)] = [
  ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")), ("&amp;", UInt8(ascii: "&")),
  ("&quot;", UInt8(ascii: "\"")), ("&apos;", UInt8(ascii: "'")),
]
