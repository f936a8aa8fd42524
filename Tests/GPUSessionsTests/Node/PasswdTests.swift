import GPUSessions
import Testing

@Suite struct PasswdTests {
  private func names(_ text: String, _ uids: Set<UInt32> = [0, 1000]) -> [UInt32: String] {
    userNames(Array(text.utf8), of: uids)
  }

  @Test func theFirstLineOfAUserCounts() {
    let file = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000:Ada, L.:/home/ada:/bin/sh\nb:x:1000:1:::\n"
    #expect(names(file) == [0: "root", 1000: "ada"])
    #expect(names(file, [1000]) == [1000: "ada"])
    #expect(names(file, []).isEmpty)
  }

  @Test(arguments: [
    "", ":", "::::::", "#ada:x:1000:1000:::", "+ada:x:1000:1000:::", "-ada:x:1000:1000:::", "+::::::",
    ":x:1000:1000:::", "ada:x:1000", "ada:x:1000:1000::/:/bin/sh:more", "ada:x:-1000:1000:::",
    "ada:x:4294968296:1000:::", "ada:x: 1000:1000:::", "ada:x::1000:::",
  ])
  func otherLinesArePassedOver(line: String) {
    #expect(names(line).isEmpty)
    #expect(names(line + "\nbob:x:1000:1:::\n") == [1000: "bob"])
  }

  @Test func namesMayHoldAnyBytes() {
    let line = Array("a\"\\\u{7}".utf8) + [0xFF] + Array(":x:1000:1:::\n".utf8)
    #expect(userNames(line, of: [1000]) == [1000: "a\"\\\u{7}\u{FFFD}"])
    #expect(userNames([UInt8](repeating: UInt8(ascii: ":"), count: 1_000_000), of: [0]).isEmpty)
  }
}
