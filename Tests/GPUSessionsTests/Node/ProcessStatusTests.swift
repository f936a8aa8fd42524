import GPUSessions
import Testing

@Suite struct ProcessStatusTests {
  private func status(_ text: String) -> ProcessStatus? { ProcessStatus(Array(text.utf8)) }

  @Test func readsTheRealUser() throws {
    let found = try #require(status("Name:\tpython3\nUid:\t1000\t0\t5\t6\nGid:\t7\t7\t7\t7\nNSpid:\t42\n"))
    #expect(found.uid == 1000)
    #expect(!found.isInNestedPIDNamespace)
  }

  @Test func seesAPIDNamespace() throws {
    #expect(try #require(status("Uid:\t0\t0\t0\t0\nNSpid:\t42\t1\n")).isInNestedPIDNamespace)
    #expect(try #require(status("Uid:\t4294967295\t0\t0\t0")).uid == .max)
  }

  @Test func theNameForgesNoLine() throws {
    // The kernel escapes the line feed of a name.
    let found = try #require(status("Name:\ta\\nUid:\\t0 Uid:\t9\t9\t9\t9\nUid:\t1000\t1000\t1000\t1000\n"))
    #expect(found.uid == 1000)
    #expect(try #require(status("Uid:\t1\t1\t1\t1\nUid:\t0\t0\t0\t0\n")).uid == 1)
  }

  @Test(arguments: [
    "", "\n", "Uid:", "Uid:\n", "Uid:\t1000\n", "Uid:\t1000\t1000\t1000\n", "Uid:\t-1\t0\t0\t0\n",
    "Uid:\t4294967296\t0\t0\t0\n", "Uid:\t18446744073709551616\t0\t0\t0\n", "Uid:\t0x1\t0\t0\t0\n",
    "Uid:\t1\t1\t1\t1\t1\n", "uid:\t1\t1\t1\t1\n", " Uid:\t1\t1\t1\t1\n",
  ])
  func givesNothingForOtherForms(text: String) {
    #expect(status(text) == nil)
  }

  @Test func takesAnyBytes() {
    #expect(ProcessStatus((0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 131) }) == nil)
    #expect(ProcessStatus(Array("Uid:".utf8) + [UInt8](repeating: 9, count: 1_000_000)) == nil)
  }
}
