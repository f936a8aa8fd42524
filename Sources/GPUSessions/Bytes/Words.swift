/// What stands between the blanks of a line.
///
/// Places and no slices: a node has tens of thousands of words, most of which nobody looks at.
struct Words: RandomAccessCollection {
  private let line: ArraySlice<UInt8>
  private let places: [Range<Int>]

  fileprivate init(_ line: ArraySlice<UInt8>, _ places: [Range<Int>]) { (self.line, self.places) = (line, places) }

  var startIndex: Int { 0 }
  var endIndex: Int { places.count }
  subscript(index: Int) -> ArraySlice<UInt8> { line[places[index]] }
}

/// Returns what stands between the blanks of a line.
func words(_ line: ArraySlice<UInt8>) -> Words {
  var places: [Range<Int>] = []
  places.reserveCapacity(12)
  let bytes = line.span
  var (start, offset) = (0, 0)
  while offset <= bytes.count {
    if offset == bytes.count || isBlank(bytes[offset]) {
      if offset > start { places.append((line.startIndex + start)..<(line.startIndex + offset)) }
      start = offset + 1
    }
    offset += 1
  }
  return Words(line, places)
}
