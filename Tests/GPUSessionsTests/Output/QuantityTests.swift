import Testing

@testable import GPUSessions

@Suite struct QuantityTests {
  @Test(
    arguments: [
      (0, 0), (9, 0), (10, 1), (50, 1), (140, 1), (151, 2), (500, 5), (900, 9), (949, 9), (951, 9), (994, 9),
      (995, 10), (1000, 10), (2000, 10),
    ] as [(UInt64, Int)])
  func `a bar is full only if the device is, and empty only if nothing is on it`(used: UInt64, filled: Int) {
    let bar = Quantity.bar(used: used, total: 1000)
    #expect(bar == "[" + String(repeating: "█", count: filled) + String(repeating: "░", count: 10 - filled) + "]")
  }

  @Test func `a bar of what is not known has no cells`() {
    let blank = "[" + String(repeating: " ", count: 10) + "]"
    #expect(Quantity.bar(used: nil, total: 1) == blank && Quantity.bar(used: 1, total: nil) == blank)
    #expect(Quantity.bar(used: 0, total: 0) == blank)
  }
}
