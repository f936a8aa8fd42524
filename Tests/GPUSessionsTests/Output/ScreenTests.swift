import Testing

@testable import GPUSessions

@Suite struct ScreenTests {
  private func lines(_ texts: String...) -> [TableLine] {
    texts.map { text in
      var line = TableLine()
      line.add(text)
      return line
    }
  }

  private func screen(_ height: Int) -> Screen { Screen(page: Page(width: 40, isColoured: false), height: height) }

  @Test func `each line is cleared to its end, and what is below all of them`() {
    #expect(screen(3).drawing(lines("a", "b")) == "\u{1B}[Ha\u{1B}[K\r\nb\u{1B}[K\r\n\u{1B}[J\u{1B}[H")
  }

  @Test func `what is full is not cleared`() {
    let full = String(repeating: "x", count: 40)
    #expect(screen(2).drawing(lines(full, full)) == "\u{1B}[H\(full)\r\n\(full)\u{1B}[H")
  }

  @Test func `the last line says how many have no room`() {
    #expect(screen(2).drawing(lines("a", "b", "c")) == "\u{1B}[Ha\u{1B}[K\r\n… 2 more lines\u{1B}[K\u{1B}[H")
    #expect(screen(3).drawing(lines("a", "b", "c")).contains("c"))
    #expect(screen(1).drawing(lines("a", "b", "c")).contains("… 3 more lines"))
  }

  @Test func `a sentence is broken at spaces`() {
    let page = Page(width: 40, isColoured: false)
    let text = "  1  processes whose first thread has ended and whose others have not"
    #expect(
      page.wrapped(text).map { page.text(of: $0) } == [
        "  1  processes whose first thread has\n", "ended and whose others have not\n",
      ])
  }
}
