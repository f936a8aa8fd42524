import Testing

@testable import GPUSessions

@Suite struct NameClaimsTests {
  private let one = PodName(namespace: "ml", name: "one")
  private let other = PodName(namespace: "ml", name: "other")

  private static let pairs = OwnerSource.allCases.flatMap { first in OwnerSource.allCases.map { (first, $0) } }

  private func claims(_ claims: (PodName?, OwnerSource)...) -> NameClaims {
    claims.reduce(into: NameClaims()) { $0.add($1.0, from: $1.1) }
  }

  @Test func `nothing is known without a claim`() {
    #expect(NameClaims().pod == nil && !NameClaims().isDisputed)
  }

  @Test(arguments: pairs) func `sources that agree are believed`(first: OwnerSource, second: OwnerSource) {
    let agreed = claims((one, first), (one, second))
    #expect(agreed.pod == one && !agreed.isDisputed)
  }

  @Test(arguments: pairs)
  func `of different names that of the more trusted writer counts`(first: OwnerSource, second: OwnerSource) {
    let disputed = claims((one, first), (other, second))
    let expected = first.writer == second.writer ? nil : first.writer > second.writer ? one : other
    #expect(disputed.pod == expected && disputed.isDisputed)
  }

  @Test(arguments: pairs)
  func `a source that contradicts itself says nothing`(first: OwnerSource, second: OwnerSource) {
    let before = claims((nil, first), (one, second))
    #expect(before.pod == (second.writer > first.writer ? one : nil) && before.isDisputed)
    let after = claims((one, first), (nil, second))
    #expect(after.pod == (first.writer > second.writer ? one : nil) && after.isDisputed)
  }

  @Test func `a third source that is more trusted decides, one that is not does not`() {
    let tied = claims((one, .podLogs), (other, .cgroupOfWorkload))
    #expect(tied.pod == nil)
    #expect(claims((one, .podLogs), (other, .cgroupOfWorkload), (one, .podLogs)).pod == nil)
    #expect(claims((one, .podLogs), (other, .cgroupOfWorkload), (other, .runtimeFile)).pod == other)
    #expect(claims((one, .runtimeFile), (other, .podLogs), (other, .checkpoint)).pod == one)
  }
}
