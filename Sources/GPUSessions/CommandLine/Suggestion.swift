/// Returns `: did you mean 'x'?` with the known word nearest to a mistyped one; empty if none is near.
func suggestion(for word: String, among known: [String]) -> String {
  let typed = Array(word.utf8)
  // A third of the letters, and at least one, may be wrong.
  let limit = max(1, typed.count / 3)
  let near = known.map { (name: $0, distance: editDistance(typed, Array($0.utf8))) }
    .filter { $0.distance <= limit }
    .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
  return near.map { ": did you mean '\($0.name)'?" } ?? ""
}

/// Returns how many bytes must be inserted, removed, changed or swapped with the next to turn one word into the other.
///
/// This is the optimal string alignment distance. Words over 64 bytes, or whose lengths differ by more than 8, are not
/// compared and get the largest number.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  if abs(left.count - right.count) > 8 || left.count > 64 { return .max }
  var before: [Int] = []
  var row = Array(0...right.count)
  for (i, byte) in left.enumerated() {
    var next = [i + 1]
    for (j, other) in right.enumerated() {
      var best = min(next[j] + 1, row[j + 1] + 1, row[j] + (byte == other ? 0 : 1))
      if i > 0, j > 0, byte == right[j - 1], left[i - 1] == other { best = min(best, before[j - 1] + 1) }
      next.append(best)
    }
    before = row
    row = next
  }
  return row[right.count]
}
