import Testing

@testable import GPUSessions

@Suite struct ContainerLinksTests {
  /// Which links were read.
  private final class Reads: @unchecked Sendable {
    var count = 0
  }

  @Test(arguments: [0, 1]) func `no more links are read than there is time for`(more: Int) {
    let reads = Reads()
    let names = (0..<(1 << 16) + more).map { ArraySlice("\($0).log".utf8) }
    var links = ContainerLinks(names: names) { _ in
      reads.count += 1
      return .absent
    }
    // Beyond the limit a link counts as one that cannot be read.
    #expect((links.allWithoutID() == nil) == (more > 0) && links.hasUnreadable == (more > 0))
    #expect(reads.count == 1 << 16)
    #expect((links.all() == nil) == (more > 0) && reads.count == 1 << 16)
  }
}
