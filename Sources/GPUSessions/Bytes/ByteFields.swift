/// The fields between separators, one after another; empty ones included.
struct ByteFields: Sequence, IteratorProtocol {
  /// What follows the last separator passed; `nil` after the last field.
  private(set) var rest: ArraySlice<UInt8>?
  private let separator: UInt8

  init(_ bytes: ArraySlice<UInt8>, separatedBy separator: UInt8) {
    (rest, self.separator) = (bytes, separator)
  }

  mutating func next() -> ArraySlice<UInt8>? {
    guard let bytes = rest else { return nil }
    guard let end = bytes.position(of: separator) else {
      rest = nil
      return bytes
    }
    rest = bytes[(end + 1)...]
    return bytes[..<end]
  }
}

extension ArraySlice<UInt8> {
  /// Fields as ``fields(separatedBy:maxSplits:)`` has them, without a list of them.
  func eachField(separatedBy separator: UInt8) -> ByteFields { ByteFields(self, separatedBy: separator) }
}
