import GPUSessions
import Testing

@Suite struct UnattributedMemoryTests {
  private let mebibyte: UInt64 = 1_048_576

  @Test func whatIsLeftIsNeverBelowZero() {
    #expect(unattributed(100, []) == 100)
    #expect(unattributed(100, [30, 20]) == 50)
    #expect(unattributed(100, [99, 2]) == 0)
    #expect(unattributed(100, [.max, .max]) == 0)
    #expect(unattributed(nil, [1]) == nil)
    #expect(unattributed(100, [1, nil]) == nil)
    #expect(unattributed(0, [nil]) == nil)
  }

  /// A node of which 20,000 MiB are in use, and what of them nobody holds, in MiB.
  private func left(
    listed: [FakeProcess], table: [FakeProcess]? = nil, apps more: String = ""
  ) -> UInt64? {
    let node = FakeHost.node(listed)
    node.answers[.apps] = [.text(FakeProcess.table(listed) + more)]
    if let table { node.setTables(FakeTable(processes: table)) }
    let gpu = Pipeline(host: node.host, options: Options()).run().node?.inventory.gpus.first
    return gpu?.memoryUnattributedBytes.map { $0 / mebibyte }
  }

  private let one = FakeProcess(pid: 1, memory: "30 MiB")
  private let graphics = FakeProcess(pid: 2, memory: "20 MiB", type: "G")

  @Test func processesOfAllTypesHoldMemory() {
    #expect(left(listed: []) == 20_000)
    #expect(left(listed: [one]) == 19_970)
    #expect(left(listed: [one], table: [one, graphics]) == 19_950)
    // One that the list does not have holds memory too.
    #expect(left(listed: [one], table: [one, FakeProcess(pid: 3, memory: "5 MiB")]) == 19_965)
    // The list's figure counts, not the table's.
    #expect(left(listed: [one], table: [FakeProcess(pid: 1, memory: "900 MiB")]) == 19_970)
    #expect(left(listed: [one], table: []) == 19_970)
  }

  @Test func aMissingFigureIsNoAnswer() {
    #expect(left(listed: [FakeProcess(pid: 1, memory: "[N/A]")]) == nil)
    #expect(left(listed: [one], table: [one, FakeProcess(pid: 2, memory: "[N/A]", type: "G")]) == nil)
    #expect(left(listed: [FakeProcess(pid: 1, memory: "99999999999999999999 MiB")]) == nil)
    #expect(left(listed: [one], apps: "\(FakeGPU(index: 0).uuid), x, 1 MiB\n") == nil)
  }

  @Test func aLineFeedInANameHidesNoFigure() {
    let figure = left(listed: [one], table: [one, FakeProcess(pid: 2, name: "ab", memory: "20 MiB", type: "G")])
    #expect(figure != nil)
    #expect(
      left(listed: [one], table: [one, FakeProcess(pid: 2, name: "a\nb", memory: "20 MiB", type: "G")]) == figure)
  }

  @Test func withoutTheTableNobodyKnowsOfGraphicsProcesses() {
    let node = FakeHost.node([one])
    node.answers[.table] = [.text("")]
    let outcome = Pipeline(host: node.host, options: Options()).run()
    #expect(outcome.node?.inventory.gpus.map(\.memoryUnattributedBytes) == [nil])
  }

  @Test func ofAMIGGPUTheProcessesOfAllInstancesCount() {
    let processes = [
      FakeProcess(pid: 1, memory: "30 MiB", instance: (1, 0)),
      FakeProcess(pid: 2, memory: "20 MiB", instance: (2, 0)),
    ]
    let node = FakeHost.migNode(processes)
    let outcome = Pipeline(host: node.host, options: Options()).run()
    #expect(
      outcome.node?.inventory.gpus.map(\.memoryUnattributedBytes) == [19_950, 20_000].map { $0 * mebibyte })
  }
}
