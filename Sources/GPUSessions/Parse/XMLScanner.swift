/// A tolerant scanner of `nvidia-smi -q -x`: reports elements as they close, never fails.
///
/// Names inside may be raw bytes, the document may be cut or forged: a closing tag without its opening one is passed
/// over, one that skips levels closes them all, and what is not closed at the end is not reported.
package struct XMLScanner {
  /// One element that was closed.
  package struct Element {
    /// Names from the outermost element to this one.
    package var path: [ArraySlice<UInt8>]
    /// Its text if it has no children, entities as they stand; else empty.
    package var text: ArraySlice<UInt8>
  }

  private let bytes: [UInt8]
  private var position = 0
  private var open: [(name: ArraySlice<UInt8>, textStart: Int, hasChildren: Bool)] = []

  /// Depth beyond which nothing is opened; real documents have seven levels.
  private static let depthLimit = 32

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next element that closes; `nil` at the end of the document.
  package mutating func next() -> Element? {
    while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
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

  private mutating func begin(_ tag: ArraySlice<UInt8>) {
    let name = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
    if tag.last == UInt8(ascii: "/") || name.isEmpty || open.count >= XMLScanner.depthLimit { return }
    if !open.isEmpty { open[open.count - 1].hasChildren = true }
    open.append((name, position, false))
  }

  private mutating func close(_ name: ArraySlice<UInt8>, at end: Int) -> Element? {
    guard let level = open.lastIndex(where: { $0.name.elementsEqual(name) }) else { return nil }
    let element = open[level]
    let path = open[...level].map(\.name)
    let isLeaf = level == open.count - 1 && !element.hasChildren
    open.removeSubrange(level...)
    return Element(path: path, text: isLeaf ? bytes[element.textStart..<end] : [])
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
