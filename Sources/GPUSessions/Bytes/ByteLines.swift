/// The lines of some bytes, made one at a time: no list of a large file's lines is kept.
package struct ByteLines: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Returns the next line without its `\n` and without one `\r` before it; `nil` after the last one.
  package mutating func next() -> ArraySlice<UInt8>? {
    if rest.isEmpty { return nil }
    let line = rest[..<(rest.position(of: UInt8(ascii: "\n")) ?? rest.endIndex)]
    rest = rest[line.endIndex...].dropFirst()
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}
