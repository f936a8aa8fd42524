import GPUSessions
import Testing

@Suite struct ByteLinesTests {
  private func lines(_ text: String) -> [String] { octets(text).lines().map(\.text) }

  @Test func linesEndAtNewlines() {
    #expect(lines("a\r\n\nb\r\r\nc") == ["a", "", "b\r", "c"])
    #expect(lines("a\n") == ["a"])
    #expect(lines("\n\n") == ["", ""])
    #expect(lines("") == [])
    #expect(lines("\r") == [""])
  }

  @Test func ofASliceTheLinesAreItsOwn() {
    #expect(octets("a\nb\nc\nd")[2..<5].lines().map(\.text) == ["b", "c"])
    #expect(octets("a\nb")[1..<2].lines().map(\.text) == [""])
  }

  @Test func afterTheLastLineThereIsNoFurther() {
    var lines = octets("a").lines()
    #expect(lines.next()?.text == "a" && lines.next() == nil && lines.next() == nil)
  }
}
