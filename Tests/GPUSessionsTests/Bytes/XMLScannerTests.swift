import GPUSessions
import Testing

@Suite struct XMLScannerTests {
  private func elements(_ text: String) -> [String] { elements(octets(text)) }

  private func elements(_ bytes: [UInt8]) -> [String] {
    var scanner = XMLScanner(bytes)
    var result: [String] = []
    while let element = scanner.next() {
      result.append(element.path.map(\.text).joined(separator: "/") + "=" + element.text.trimmed.text)
    }
    return result
  }

  @Test func `elements are reported as they close, leaves with their text`() {
    #expect(elements("<a><b>1</b><c> 2 </c></a>") == ["a/b=1", "a/c=2", "a="])
  }

  @Test func `prolog, DTD, comments, attributes and empty elements`() {
    let text = """
      <?xml version="1.0" ?>
      <!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v13.dtd">
      <!-- a comment -->
      <log><gpu id="00000000:00:09.0"><none/><empty></empty><uuid>GPU-1</uuid></gpu></log>
      """
    #expect(elements(text) == ["log/gpu/empty=", "log/gpu/uuid=GPU-1", "log/gpu=", "log="])
  }

  @Test func `text beside children is not the element's`() {
    #expect(elements("<a>x<b>1</b>y</a>") == ["a/b=1", "a="])
  }

  @Test func `a text in place of children is the element's`() {
    #expect(elements("<a><rows> GPU is lost\t</rows></a>") == ["a/rows=GPU is lost", "a="])
  }

  @Test(
    arguments: [
      ("<a></b><c>1</c></a>", ["a/c=1", "a="]), ("</a></b><a>1</a></a>", ["a=1"]),
      ("<a><b><c>1</a><d>2</d>", ["a=", "d=2"]), ("<a><b>1</c></b></a>", ["a/b=1</c>", "a="]),
      ("<a><b>x</b>y</b><c>1</c></a>", ["a/b=x", "a/c=1", "a="]), ("<a><b>1</b ></a >", ["a/b=1", "a="]),
      ("<a><b>1</a><c>2</c></a>", ["a=", "c=2"]),
    ] as [(String, [String])])
  func `a forged closer closes what it names and no level above`(_ text: String, _ expected: [String]) {
    #expect(elements(text) == expected)
  }

  @Test func `an opener forged in a name spoils its own row at most`() {
    #expect(
      elements("<a><r><b>x<y</b><c>1</c></r><r><c>2</c></r></a>")
        == ["a/r/b/y</c=1", "a/r=", "a/r/c=2", "a/r=", "a="])
  }

  @Test(arguments: [
    "", "<", ">", "<>", "</", "</>", "<a", "<a>", "<a>text", "<!--", "<?", "a > b", "< >x</ >", "<//>",
  ])
  func `what closes nothing reports nothing`(_ text: String) {
    #expect(elements(text).isEmpty)
  }

  @Test func `opening without end is bounded and the closers still fit`() {
    let deep = octets("<a>" + String(repeating: "<b>", count: 1000) + "</a><c>1</c>")
    #expect(elements(deep) == ["a=", "c=1"])
  }

  @Test func `any bytes may stand in a text`() {
    let bytes = octets("<a>") + [0xFF, 0x00, 0x26, 0xCC, 0x81] + octets("</a>")
    var scanner = XMLScanner(bytes)
    #expect(scanner.next().map { [UInt8]($0.text) } == [0xFF, 0x00, 0x26, 0xCC, 0x81])
  }

  @Test func `cut anywhere it reports a beginning of what the whole one does`() {
    let whole = octets(
      "<?xml version=\"1.0\"?><log><gpu id=\"1\"><a>1</a><none/><b><c>x &lt; y</c></b></gpu></log>")
    let all = elements(whole)
    #expect(all.count == 5)
    for length in 0...whole.count {
      let part = elements(Array(whole[..<length]))
      #expect(part == Array(all.prefix(part.count)), "cut at \(length)")
    }
  }

  @Test(arguments: [
    ("a &lt;b&gt; &amp; &quot;c&quot; &apos;", "a <b> & \"c\" '"), ("&amp;lt;", "&lt;"), ("&", "&"),
    ("&lt", "&lt"),
    ("&#60;&unknown;", "&#60;&unknown;"), ("&&lt;", "&<"), ("", ""), ("plain", "plain"),
  ])
  func `the five entities are resolved once`(_ text: String, _ expected: String) {
    #expect(decodingEntities(octets(text)[...]).text == expected)
  }

  @Test func `a closer closes the innermost of several elements with its name`() {
    #expect(elements("<a><a>1</a><b>2</b></a>") == ["a/a=1", "a/b=2", "a="])
    #expect(elements("<a><b>x<a></b><c>1</c></a>") == ["a/b=", "a/c=1", "a="])
  }
}
