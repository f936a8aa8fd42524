import Testing

@testable import GPUSessions

@Suite struct SMIReasonTests {
  private let required = ["gpu_uuid", "pid"]

  private func reason(
    _ output: String, errors: String = "", end: ChildOutcome.End = .exited(255)
  ) -> String? {
    ChildOutcome(end: end, standardOutput: octets(output), standardError: octets(errors))
      .reason(withoutListOf: required)
  }

  @Test func `the diagnostic that explains the failure comes before all other lines`() {
    #expect(reason("WARNING: x\n\nNo devices were found\n") == "No devices were found")
    #expect(reason("what\n", errors: "No devices were found\n") == "No devices were found")
    #expect(reason("No devices were found\n", errors: "what\n") == "No devices were found")
    #expect(reason("Unable to determine the number of GPUs\n") == "Unable to determine the number of GPUs")
  }

  @Test func `without one it is the first line that is not blank`() {
    #expect(reason("\n \t\r\n  first  \r\nsecond\n") == "first")
    #expect(reason("first", errors: "other\n") == "first")
    #expect(reason("\n\n", errors: "\nother\n") == "other")
    #expect(reason("", errors: "") == nil && reason(" \n", errors: "\r\n") == nil)
  }

  @Test func `no line of a list is a reason`() {
    let list = "gpu_uuid, pid\nGPU-1, 100\n"
    #expect(reason(list) == nil && reason("note\n" + list) == nil)
    #expect(reason(list, errors: "other\n") == "other")
    #expect(reason(list + "No devices were found\n") == "No devices were found")
  }

  @Test(arguments: [.deadline, .abandoned, .signaled(11), .outputLimit] as [ChildOutcome.End])
  func `half an answer of a killed child is none, what it complained of is one`(end: ChildOutcome.End) {
    #expect(reason("gpu_uu", end: end) == nil)
    #expect(reason("gpu_uu", errors: "assertion failed\n", end: end) == "assertion failed")
    #expect(reason("No devices were found\n", end: end) == "No devices were found")
  }

  @Test func `beside a table nothing is a reason, because names stand in it`() {
    func reason(_ lines: String...) -> String? {
      ChildOutcome(end: .exited(9), standardOutput: answer(lines.joined(separator: "\n"))).reasonWithoutTable
    }
    #expect(reason("Thu Jan  1 00:00:00 2026", "No devices were found") == "No devices were found")
    #expect(reason("what is this") == nil && reason("") == nil)
    for line in ["+-----+", "|  0   N/A  N/A   100   C   x", "  | x"] {
      #expect(reason(line, "No devices were found") == nil, "\(line)")
    }
  }

  @Test(arguments: [0, 1, 199, 200, 201, 803, 10_000]) func `a long line is cut at 200 bytes`(count: Int) {
    let text = String(repeating: "a", count: count)
    let expected = count == 0 ? nil : count <= 200 ? text : text.prefix(200) + "..."
    #expect(reason(text) == expected)
  }

  @Test(arguments: ["é", "훈", "😀", "\u{1B}", "\u{202E}"]) func `it is cut at a character`(character: String) {
    for lead in 0..<5 {
      let text = String(repeating: "a", count: lead) + String(repeating: character, count: 3_000)
      let cut = reason(text) ?? ""
      #expect(cut.hasSuffix("...") && text.hasPrefix(cut.dropLast(3)))
      #expect((200 - character.utf8.count + 4...203).contains(cut.utf8.count), "\(lead)")
    }
  }

  @Test func `bytes that are no UTF-8 are replaced and count as what replaces them`() {
    let outcome = ChildOutcome(end: .exited(1), standardOutput: Array(repeating: 0xFF, count: 5_000))
    #expect(outcome.reason(withoutListOf: required) == String(repeating: "\u{FFFD}", count: 66) + "...")
  }
}
