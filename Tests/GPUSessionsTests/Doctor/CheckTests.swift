import GPUSessions
import NodeHost
import Testing

/// The list of checks agrees with the page Troubleshooting and with the recorded nodes.
@Suite struct CheckTests {
  @Test func `names are unique words, titles are questions, limits are short`() {
    let names = Check.all.map(\.name)
    #expect(Set(names).count == names.count)
    for check in Check.all {
      #expect(check.name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") })
      #expect(check.title.hasSuffix("?") && check.title.utf8.count < 64)
      #expect((check.limit ?? Options().timeout) <= 45 * Nanoseconds.perSecond)
    }
  }

  @Test func `each check is of a row of the troubleshooting table, and each row has its check`() {
    let page = readBytes("Sources/gpu-sessions/Documentation.docc/Troubleshooting.md")[...].lines().map(\.text)
    let rows = page.filter { $0.hasPrefix("|") }.dropFirst(2)
    let found = rows.map { $0.split(separator: "|").last.map { $0.filter { !" `".contains($0) } } ?? "" }
    #expect(rows.count > Check.all.count - 1 && Set(found) == Set(Check.all.map(\.name)))
  }

  @Test func `each check warns or fails on some node of the fixtures, and on one none does`() {
    let nodes = (readNames("Fixtures/nodes").map { "Fixtures/nodes/\($0)/expected.check" }).map {
      readBytes($0)[...].lines().map(\.text)
    }.filter { !$0.isEmpty }
    var troubled: Set<String> = []
    for line in nodes.joined() where line.hasPrefix("fail  ") || line.hasPrefix("warn  ") {
      troubled.insert(line.split(separator: " ")[1].description)
    }
    #expect(troubled == Set(Check.all.map(\.name)))
    let healthy = nodes.filter { !$0.contains { $0.hasPrefix("fail  ") || $0.hasPrefix("warn  ") } }
    #expect(healthy.count == 1 && healthy.first?.last == "exit status 0")
    for node in nodes {
      #expect(node.count { !$0.hasPrefix("      ") } == Check.all.count + 2)
    }
  }

  private func readNames(_ pathBelowRepository: String) -> [String] {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    guard case .entries(let names) = Host.live.listDirectory(root + "/" + pathBelowRepository) else { return [] }
    return names.map { $0[...].text }
  }
}
