/// The rows of pmon, sorted by GPU index and PID: no table of hashes is made of what comes in that order anyway.
package struct PmonRows: Equatable {
  package struct Entry: Equatable {
    package let key: Pmon.Key
    package fileprivate(set) var row: Pmon.Row
  }

  package private(set) var entries: [Entry] = []
  /// Whether each key so far is larger than the one before.
  private var isAscending = true

  /// The row of a key; looked for first at `next`, which then is the place after it.
  func row(_ key: Pmon.Key, next: inout Int) -> Pmon.Row? {
    if next < entries.count, entries[next].key == key {
      next += 1
      return entries[next - 1].row
    }
    guard let place = place(of: key) else { return nil }
    next = place + 1
    return entries[place].row
  }

  package subscript(key: Pmon.Key) -> Pmon.Row? { place(of: key).map { entries[$0].row } }

  private func place(of key: Pmon.Key) -> Int? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].key == key ? low : nil
  }

  mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

  /// Adds a row wherever it belongs; ``settle()`` comes after the last one.
  mutating func append(_ key: Pmon.Key, _ row: Pmon.Row) {
    if let last = entries.last?.key, !(last < key) { isAscending = false }
    entries.append(Entry(key: key, row: row))
  }

  /// Brings the rows in order, each key once. Returns how many contradict an earlier one of the same key.
  ///
  /// Of two rows that differ one may be forged by a name with a line feed in it: only what they agree on is believed,
  /// or a process could be passed off as a graphics one and lose its session.
  mutating func settle() -> Int {
    if isAscending { return 0 }
    var contradictions = 0
    makeUnique { known, row in
      if known == row { return }
      contradictions += 1
      known = known.agreed(with: row)
    }
    return contradictions
  }

  /// Adds the rows whose keys are not there.
  mutating func addMissing(_ other: PmonRows) {
    entries += other.entries
    makeUnique { _, _ in }
  }

  /// Rows of one key are handed over in the order they came.
  private mutating func makeUnique(_ combine: (_ known: inout Pmon.Row, _ row: Pmon.Row) -> Void) {
    let added = entries
    let order = added.indices.sorted { (added[$0].key, $0) < (added[$1].key, $1) }
    entries.removeAll(keepingCapacity: true)
    for place in order {
      if let last = entries.indices.last, entries[last].key == added[place].key {
        combine(&entries[last].row, added[place].row)
      } else {
        entries.append(added[place])
      }
    }
    isAscending = true
  }
}

extension Pmon.Row {
  /// What both say.
  fileprivate func agreed(with other: Pmon.Row) -> Pmon.Row {
    func agreed<Value: Equatable>(_ field: KeyPath<Pmon.Row, Value?>) -> Value? {
      self[keyPath: field] == other[keyPath: field] ? self[keyPath: field] : nil
    }
    return Pmon.Row(
      type: agreed(\.type),
      utilization: ProcessUtilization(
        sm: agreed(\.utilization.sm), memoryBandwidth: agreed(\.utilization.memoryBandwidth),
        encoder: agreed(\.utilization.encoder), decoder: agreed(\.utilization.decoder)),
      memoryBytes: agreed(\.memoryBytes))
  }
}
