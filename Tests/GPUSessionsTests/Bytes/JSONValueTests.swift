import GPUSessions
import Testing

@Suite struct JSONDocumentTests {
  private func document(_ text: String) throws -> JSONValue { try #require(JSONValue(Array(text.utf8))) }

  @Test func membersByName() throws {
    let object = try document(#"{"a":"x","b":null,"\u0061b":"y","c":{"a":["z"]},"a":"second"}"#)
    #expect(try object.text("a") == "x")
    #expect(try object.text("b") == nil && object.text("ab") == "y" && object.text("A") == nil)
    func has(_ name: String) throws -> Bool { try object.members().contains { $0.name == name } }
    #expect(try has("b") && !has("d") && has("ab"))
    #expect(try object.member("c")?.member("a")?.elements().map { try $0.text() } == ["z"])
    #expect(try object.members().map(\.name) == ["a", "b", "ab", "c"])
    #expect(try object.members()[0].value.text() == "x")
  }

  @Test func elementsInTheirOrder() throws {
    let list = try document(#"["a",["b","c"],{"d":"e"},"f"]"#)
    let elements = try Array(list.elements())
    #expect(elements.count == 4)
    #expect(try elements[1].elements().map { try $0.text() } == ["b", "c"])
    #expect(try elements[3].text() == "f")
    #expect(try Array(document("[]").elements()).isEmpty && document("{}").members().isEmpty)
  }

  @Test func anotherKindIsAMismatch() throws {
    let list = try document(#"["a",1,true,null,{}]"#)
    #expect(throws: JSONMismatch.self) { try list.member("a") }
    #expect(throws: JSONMismatch.self) { try list.members() }
    #expect(throws: JSONMismatch.self) { try list.text() }
    for value in try list.elements() {
      #expect(throws: JSONMismatch.self) { try value.elements() }
    }
    #expect(throws: JSONMismatch.self) { try document(#"{"a":1}"#).text("a") }
    #expect(throws: JSONMismatch.self) { try document(#"{"a":null}"#).requiredText("a") }
    #expect(try document("null").isNull && !document("0").isNull && document("{}").isObject)
  }

  @Test(arguments: [
    (#""a\nb""#, "a\nb"), (#""\"\\\/\b\f\r\t""#, "\"\\/\u{8}\u{c}\r\t"), (#""\u0041\u00e9""#, "Aé"),
    (#""\uD83D\uDE00!""#, "😀!"), (#""é😀""#, "é😀"), (#""\u0000""#, "\0"),
  ])
  func texts(json: String, text: String) throws { #expect(try document(json).text() == text) }

  @Test(arguments: [
    #""\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83d\ud83d""#, #""\ude00\ud83d""#, #""\udc00""#,
  ])
  func halfAPairSpellsNothing(json: String) {
    #expect(throws: JSONMismatch.self) { try document(json).text() }
    #expect(throws: JSONMismatch.self) { try document("{\(json):1}").members() }
  }
}
