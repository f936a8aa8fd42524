import GPUSessions
import Testing

@Suite struct TerminalTextTests {
  @Test(arguments: [
    "\u{1B}", "\u{0}", "\u{7F}", "\u{9B}", "\u{85}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{2028}",
  ])
  func `nothing reaches the terminal that it would obey`(character: String) {
    #expect("a\(character)[31mb".printable == "a\u{FFFD}[31mb")
  }

  @Test func `a carriage return with its line feed is two characters`() {
    #expect("a\r\nb".printable == "a\u{FFFD}\u{FFFD}b")
  }

  @Test func `names of any language stay`() {
    for name in ["memhög", "訓練", "обучение", "train-😀"] { #expect(name.printable == name) }
  }

  @Test func `wide characters take two columns and marks none`() {
    #expect("train".columns == 5 && "訓練".columns == 4 && "훈련".columns == 4 && "😀".columns == 2)
    #expect("e\u{301}".columns == 1 && "ｱ".columns == 1 && "Ａ".columns == 2 && "█░…".columns == 3)
  }

  @Test func `what is cut says so and is never wider`() {
    #expect("python3".cut(to: 7) == "python3" && "python3".cut(to: 6) == "pytho…")
    #expect("訓練訓練".cut(to: 8) == "訓練訓練" && "訓練訓練".cut(to: 6) == "訓練…" && "訓練".cut(to: 3) == "訓…")
    #expect("abc".cut(to: 1) == "…" && "abc".cut(to: 0) == "" && "".cut(to: 0) == "")
    for width in 0...12 { #expect("ab訓cd練ef".cut(to: width).columns <= width) }
  }

  @Test func `fitted text has exactly its columns`() {
    #expect("訓".fitted(4) == "訓  " && "12".fitted(4, atRight: true) == "  12" && "訓練".fitted(3).columns == 3)
  }
}
