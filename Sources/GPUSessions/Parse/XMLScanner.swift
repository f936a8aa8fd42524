/// A tolerant scanner of `nvidia-smi -q -x`: reports elements as they close, never fails.
///
/// Names inside may be raw bytes, the document may be cut or forged: a closing tag without its opening one is passed
/// over, one that skips levels closes them all, and what is not closed at the end is not reported.
package struct XMLScanner {
  /// One element that was closed.
  package struct Element {
    /// Names from the outermost element to this one.
    package var path: ArraySlice<ArraySlice<UInt8>>
    /// Its text if it has no children, entities as they stand; else empty.
    package var text: ArraySlice<UInt8>
  }

  private let bytes: [UInt8]
  private var position = 0
  /// Names of the open elements, and of those that were closed last from `depth` on.
  private var names: [ArraySlice<UInt8>] = []
  /// Where the text of each open element begins; `nil` for one with children.
  private var textStarts: [Int?] = []
  /// Number of open elements.
  private var depth = 0

  /// Depth beyond which nothing is opened; real documents have seven levels.
  private static let depthLimit = 32

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next element that closes; `nil` at the end of the document.
  package mutating func next() -> Element? {
    names.removeSubrange(depth...)
    while let start = index(of: UInt8(ascii: "<"), from: position) {
      guard let end = index(of: UInt8(ascii: ">"), from: start) else { return nil }
      position = end + 1
      let tag = bytes[(start + 1)..<end]
      guard let first = tag.first else { continue }
      if first == UInt8(ascii: "/") {
        if let element = close(tag.dropFirst().trimmed, at: start) { return element }
      } else if first != UInt8(ascii: "?"), first != UInt8(ascii: "!") {
        begin(tag)
      }
    }
    return nil
  }

  private func index(of byte: UInt8, from start: Int) -> Int? {
    let bytes = bytes.span
    for index in start..<bytes.count where bytes[index] == byte { return index }
    return nil
  }

  private mutating func begin(_ tag: ArraySlice<UInt8>) {
    let name = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
    if tag.last == UInt8(ascii: "/") || name.isEmpty || depth >= XMLScanner.depthLimit { return }
    if depth > 0 { textStarts[depth - 1] = nil }
    names.append(name)
    textStarts.append(position)
    depth += 1
  }

  private mutating func close(_ name: ArraySlice<UInt8>, at end: Int) -> Element? {
    guard let level = names.lastIndex(where: { $0.isSame(as: name) }) else { return nil }
    let start = level == depth - 1 ? textStarts[level] : nil
    textStarts.removeSubrange(level...)
    depth = level
    return Element(path: names[...level], text: start.map { bytes[$0..<end] } ?? [])
  }
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
