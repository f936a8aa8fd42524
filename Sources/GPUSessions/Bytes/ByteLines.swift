/// The lines of some bytes, made one at a time: no list of a large file's lines is kept.
package struct ByteLines: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Returns the next line without its `\n` and without one `\r` before it; `nil` after the last one.
  package mutating func next() -> ArraySlice<UInt8>? {
    rest.isEmpty ? nil : rest.removeLine()
  }
}

extension ArraySlice<UInt8> {
  /// Removes the first line and returns it without its `\n` and without one `\r` before it.
  mutating func removeLine() -> ArraySlice<UInt8> {
    let line = self[..<(position(of: UInt8(ascii: "\n")) ?? endIndex)]
    self = self[line.endIndex...].dropFirst()
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}
