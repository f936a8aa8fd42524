import GPUSessions
import Testing

@Suite struct DirectoryNamesTests {
  @Test func namesOfSeveralPieces() {
    var names = DirectoryListing()
    names.add(piece: Array("..ab..c".utf8), names: 2)
    names.add(2..<4)
    names.add(6..<7)
    names.add(piece: Array("d".utf8), names: 1)
    names.add(0..<1)
    #expect(names.map(\.text) == ["ab", "c", "d"] && names == DirectoryListing(texts: ["ab", "c", "d"]))
    #expect(names != DirectoryListing(texts: ["ab", "c"]) && DirectoryListing().isEmpty)
  }

  @Test func whatLiesOutsideIsNoName() {
    var names = DirectoryListing()
    names.add(0..<1)
    names.add(piece: [0x61], names: 1)
    names.add(0..<2)
    #expect(names.isEmpty)
  }
}
