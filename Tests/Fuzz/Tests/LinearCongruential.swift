/// A deterministic source of numbers (Knuth's MMIX constants).
struct LinearCongruential: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }

  /// A copy with a few bytes changed, added, taken away or said twice, or the end cut off.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...6, using: &self) {
      let position = Int.random(in: 0...result.count, using: &self)
      let end = min(result.count, position + Int.random(in: 0...12, using: &self))
      switch Int.random(in: 0..<6, using: &self) {
      case 0: result.insert(UInt8.random(in: .min ... .max, using: &self), at: position)
      case 1: result.insert(Array(",\n#<>/[]- \r\0".utf8).randomElement(using: &self) ?? 0, at: position)
      case 2: result.removeSubrange(position..<end)
      case 3: result.insert(contentsOf: Array(result[position..<end]), at: position)
      case 4 where position < result.count: result[position] = UInt8.random(in: .min ... .max, using: &self)
      default: if UInt8.random(in: 0...7, using: &self) == 0 { result.removeSubrange(position...) }
      }
    }
    return result
  }
}
