@testable import GPUSessions
import Testing

@Suite struct SuggestionTests {
  @Test(
    arguments: [
      ("show", "show", 0), ("shwo", "show", 1), ("sho", "show", 1), ("shovv", "show", 2), ("", "show", 4),
      ("ab", "ba", 1), ("abc", "ca", 3), ("é", "e", 2),
    ])
  func `the distance counts bytes put in, left out, changed and swapped`(left: String, right: String, expected: Int)
  {
    #expect(editDistance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(editDistance(Array(right.utf8), Array(left.utf8)) == expected)
  }

  @Test func `a word that is far from all gets no suggestion`() {
    #expect(suggestion(for: "zzzz", among: ["show", "collect"]) == "")
    #expect(suggestion(for: "", among: ["show"]) == "")
    #expect(suggestion(for: String(repeating: "a", count: 5_000), among: ["show"]) == "")
  }

  @Test func `of equally near ones the first by name is taken`() {
    #expect(suggestion(for: "b", among: ["c", "a"]) == ": did you mean 'a'?")
  }
}
