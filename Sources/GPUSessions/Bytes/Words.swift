/// Returns what stands between the blanks of a line.
func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
  var words: [ArraySlice<UInt8>] = []
  words.reserveCapacity(12)
  let bytes = line.span
  var start = 0
  for offset in 0...bytes.count where offset == bytes.count || isBlank(bytes[offset]) {
    if offset > start { words.append(line[(line.startIndex + start)..<(line.startIndex + offset)]) }
    start = offset + 1
  }
  return words
}
