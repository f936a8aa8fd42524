/// Positions by keys that are as good as random, such as digits of IDs: a table with a free place for every used one.
///
/// Several positions may have one key, and what has another may be taken for it: who asks must look at what is there.
struct PositionTable: Sendable {
  /// In the upper half of each the upper half of the key's hash, in the lower one the position.
  private var places: [UInt64]

  /// For so many positions at most.
  init(count: Int) {
    var size = 16
    while size < 2 * count { size *= 2 }
    places = Array(repeating: PositionTable.free, count: size)
  }

  private static let free = UInt64.max
  private static let upperHalf: UInt64 = 0xFFFF_FFFF_0000_0000

  mutating func add(_ position: Int, _ key: UInt64) {
    let hash = PositionTable.hash(key)
    var place = Int(truncatingIfNeeded: hash >> 32) & (places.count - 1)
    while places[place] != PositionTable.free { place = (place + 1) & (places.count - 1) }
    places[place] = hash & PositionTable.upperHalf | UInt64(UInt32(clamping: position) & 0x7FFF_FFFF)
  }

  /// The positions that have the key, or may have it.
  @inline(__always)
  func forEach(_ key: UInt64, _ body: (Int) -> Void) {
    let hash = PositionTable.hash(key)
    var place = Int(truncatingIfNeeded: hash >> 32) & (places.count - 1)
    while places[place] != PositionTable.free {
      if (places[place] ^ hash) & PositionTable.upperHalf == 0 { body(Int(places[place] & 0xFFFF_FFFF)) }
      place = (place + 1) & (places.count - 1)
    }
  }

  /// The upper half of the product depends on all of the key.
  private static func hash(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }
}
