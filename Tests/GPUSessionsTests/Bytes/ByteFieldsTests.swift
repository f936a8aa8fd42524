import Testing

@testable import GPUSessions

@Suite struct ByteFieldsTests {
  @Test(arguments: ["", ":", "a", "a:", ":a", "a::b:", "a:b:c:d"])
  func theyAreThoseOfTheList(text: String) {
    let colon = UInt8(ascii: ":")
    let bytes = octets("x" + text + "y").dropFirst().dropLast()
    #expect(bytes.eachField(separatedBy: colon).map(\.text) == bytes.fields(separatedBy: colon).map(\.text))
  }

  @Test func theRestIsWhatFollowsTheLastSeparatorPassed() {
    var fields = octets("0::/a:b")[...].eachField(separatedBy: UInt8(ascii: ":"))
    #expect(fields.next()?.text == "0" && fields.next()?.text == "" && fields.rest?.text == "/a:b")
    #expect(fields.next()?.text == "/a" && fields.next()?.text == "b" && fields.rest == nil)
  }
}
