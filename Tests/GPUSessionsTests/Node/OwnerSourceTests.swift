import GPUSessions
import Testing

@Suite struct OwnerSourceTests {
  @Test func `writers are ordered by trust`() {
    let writers: [OwnerSource.Writer] = [.workload, .user, .kubelet, .root, .kernel]
    #expect(writers == writers.sorted() && Set(OwnerSource.allCases.map(\.writer)) == Set(writers))
  }

  @Test func `each source has the writer who could have written it`() {
    let writers = Dictionary(uniqueKeysWithValues: OwnerSource.allCases.map { ($0, $0.writer) })
    #expect(
      writers == [
        .cgroupOfRuntime: .kernel, .ancestors: .kernel, .passwd: .root, .runtimeFile: .root,
        .runtimeConfiguration: .root, .monitor: .root, .checkpoint: .kubelet,
        .cgroupOfUser: .user, .podLogs: .workload, .cgroupOfWorkload: .workload, .processName: .workload,
      ])
  }

  @Test func `the table has each source once, the most trusted first`() {
    let rows = OwnerSource.table.split(separator: "\n").dropFirst(2)
    let sources = rows.compactMap { row in OwnerSource.allCases.first { row.hasPrefix("| \($0.files) |") } }
    #expect(sources.count == rows.count && Set(sources) == Set(OwnerSource.allCases))
    #expect(sources.map(\.writer) == sources.map(\.writer).sorted(by: >))
  }

  @Test func `the page SecurityModel has this table`() throws {
    let page = readBytes("Sources/gpu-sessions/Documentation.docc/SecurityModel.md")
    let text = String(decoding: page, as: UTF8.self)
    let begin = try #require(text.firstRange(of: "<!-- sources: begin -->\n")).upperBound
    let end = try #require(text.firstRange(of: "<!-- sources: end -->\n")).lowerBound
    #expect(begin <= end && text[begin..<end] == OwnerSource.table)
  }
}
