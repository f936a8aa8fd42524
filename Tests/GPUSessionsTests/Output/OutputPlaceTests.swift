import GPUSessions
import Testing

@Suite struct OutputPlaceTests {
  @Test(arguments: [
    ("a", ".", "a"), ("/a", "/", "a"), ("b/a", "b", "a"), ("/c//a", "/c/", "a"), ("b/", "b", ""),
    ("", ".", ""), ("b/e\u{301}", "b", "e\u{301}"), ("b/\u{301}e", "b", "\u{301}e"),
  ])
  func `a path is cut at its last slash, which is a byte`(path: String, directory: String, name: String) {
    let place = OutputPlace(path)
    #expect(octets(place.directory) == octets(directory) && octets(place.name) == octets(name))
  }

  @Test func `the temporary file is none that node_exporter reads`() {
    #expect(OutputPlace("/a/b.prom").temporary == ".b.prom.tmp")
  }
}
