/// The fields between separators, made one at a time: a path of `/proc/PID/cgroup` is read without a list of them.
struct ByteFields: Sequence, IteratorProtocol {
  /// The bytes after the last separator that was passed; `nil` after the last field.
  private(set) var rest: ArraySlice<UInt8>?
  private let separator: UInt8

  init(_ bytes: ArraySlice<UInt8>, separatedBy separator: UInt8) {
    rest = bytes
    self.separator = separator
  }

  /// Returns the next field, which may be empty; `nil` after the last one.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let bytes = rest else { return nil }
    let field = bytes.prefix { $0 != separator }
    rest = field.endIndex < bytes.endIndex ? bytes[(field.endIndex + 1)...] : nil
    return field
  }
}

extension ArraySlice<UInt8> {
  /// Returns the fields that ``fields(separatedBy:maxSplits:)`` returns, one after another.
  func eachField(separatedBy separator: UInt8) -> ByteFields { ByteFields(self, separatedBy: separator) }
}
