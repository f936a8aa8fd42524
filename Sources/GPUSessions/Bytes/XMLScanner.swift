/// A tolerant scanner of `nvidia-smi -q -x`: it returns elements as they close and never fails.
///
/// Texts may hold raw bytes, because nvidia-smi does not escape every process name, and the document may be cut short
/// or forged through such a name. A closing tag without its opening one is passed over, one that skips levels closes
/// them all, and elements that are not closed at the end are not returned.
package struct XMLScanner {
  /// One element that was closed.
  package struct Element {
    /// Names from the outermost element to this one; never empty.
    package let path: [ArraySlice<UInt8>]
    /// The text of an element without children, entities not yet decoded; empty for all other elements.
    package let text: ArraySlice<UInt8>
  }

  private struct OpenElement {
    let name: ArraySlice<UInt8>
    /// Where its text begins; `nil` once it has a child.
    var textStart: Int?
  }

  private let bytes: [UInt8]
  private var position = 0
  private var open: [OpenElement] = []

  /// Depth beyond which opening tags are ignored. Documents of the drivers 418 to 610 have seven levels.
  private static let depthLimit = 32

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Returns the next element that closes; `nil` at the end of the document.
  package mutating func next() -> Element? {
    while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")),
      let end = bytes[start...].firstIndex(of: UInt8(ascii: ">"))
    {
      position = end + 1
      let tag = bytes[(start + 1)..<end]
      switch tag.first {
      case nil, UInt8(ascii: "?"), UInt8(ascii: "!"): continue
      case UInt8(ascii: "/"): if let element = close(tag.dropFirst().trimmed, textEnd: start) { return element }
      default: begin(tag)
      }
    }
    return nil
  }

  private mutating func begin(_ tag: ArraySlice<UInt8>) {
    // The name ends before the attributes.
    let name = tag.prefix { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: "/") }
    if name.isEmpty || tag.last == UInt8(ascii: "/") || open.count >= XMLScanner.depthLimit { return }
    if let parent = open.indices.last { open[parent].textStart = nil }
    open.append(OpenElement(name: name, textStart: position))
  }

  private mutating func close(_ name: ArraySlice<UInt8>, textEnd: Int) -> Element? {
    guard let level = open.lastIndex(where: { $0.name == name }) else { return nil }
    let isInnermost = level == open.count - 1
    let textStart = isInnermost ? open[level].textStart : nil
    let path = open[...level].map(\.name)
    open.removeSubrange(level...)
    return Element(path: path, text: textStart.map { bytes[$0..<textEnd] } ?? [])
  }
}

/// Returns the text with the five entities of XML decoded; every other `&` stays as it is.
package func decodingEntities(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  var rest = text
  while let byte = rest.first {
    let entity = byte == UInt8(ascii: "&") ? entities.first { rest.starts(with: $0.name) } : nil
    result.append(entity?.byte ?? byte)
    rest = rest.dropFirst(entity?.name.utf8.count ?? 1)
  }
  return result
}

private let entities: [(name: String, byte: UInt8)] = [
  ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")), ("&amp;", UInt8(ascii: "&")),
  ("&quot;", UInt8(ascii: "\"")), ("&apos;", UInt8(ascii: "'")),
]
