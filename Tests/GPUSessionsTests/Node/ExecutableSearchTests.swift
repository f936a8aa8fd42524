import Testing

@testable import GPUSessions

@Suite struct ExecutableSearchTests {
  private func find(_ executables: Set<String>, path: String) -> String? {
    findExecutable("tool", thenIn: ["/usr/bin", "/opt/bin"], fakeHost(executables: executables, path: path))
  }

  @Test func theEntriesOfPATHComeFirst() {
    let everywhere: Set = ["/a/tool", "/b/tool", "/usr/bin/tool", "/opt/bin/tool"]
    #expect(find(everywhere, path: "/c:/b:/a") == "/b/tool")
    #expect(find(everywhere, path: "/c") == "/usr/bin/tool")
    #expect(find(["/opt/bin/tool"], path: "/c") == "/opt/bin/tool")
    #expect(find([], path: "/c") == nil)
  }

  @Test(arguments: ["", ".", ":", "bin:.:", "../bin"]) func relativeEntriesAreSkipped(path: String) {
    #expect(find(["tool", "/tool", "./tool", "bin/tool", "../bin/tool"], path: path) == nil)
  }
}
