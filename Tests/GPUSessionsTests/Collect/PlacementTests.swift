import Testing

@testable import GPUSessions

/// What the process list, the table and pmon say of one node, and what comes of it.
@Suite struct PlacementTests {
  private let one = FakeProcess(pid: 100)
  private let key = "gpu_session_count{gpu=\"0\"}"

  private func outcome(
    listed: [FakeProcess], table: [FakeProcess]? = nil, pmon: [FakeProcess]? = nil
  ) -> Outcome {
    Pipeline(host: node(listed: listed, table: table, pmon: pmon).host, options: Options()).run()
  }

  private func node(
    listed: [FakeProcess], table: [FakeProcess]? = nil, pmon: [FakeProcess]? = nil
  ) -> FakeHost {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], listed)
    if let table { node.setTables(FakeTable(processes: table)) }
    if let pmon {
      let idle = [0, 1].filter { gpu in !pmon.contains { $0.gpu == gpu } }
      node.answers[.pmon] = [.text(FakeProcess.pmon(pmon, idle: idle))]
    }
    return node
  }

  private func process(_ type: String) -> FakeProcess { FakeProcess(pid: 100, type: type) }

  // MARK: Types

  @Test(arguments: ["C", "C+G", "M+C"]) func `the type is the one of which all tell`(_ type: String) {
    for outcome in [
      outcome(listed: [process(type)]), outcome(listed: [one], table: [process(type)], pmon: []),
      outcome(listed: [one], table: [], pmon: [process(type)]),
    ] {
      #expect(outcome.node?.sessions.map(\.type) == [type])
      #expect(outcome.report.problems[.processContradicted] == 0)
    }
    let nobody = outcome(listed: [one], table: [], pmon: [])
    #expect(nobody.node?.sessions.map(\.type) == [nil] && nobody.report.problems[.processContradicted] == 0)
  }

  @Test(arguments: [("C", "G"), ("G", "C"), ("C", "C+G"), ("C+G", "C"), ("G", "G")])
  func `types that contradict each other, or the list, are none`(_ table: String, _ pmon: String) {
    let outcome = outcome(listed: [one], table: [process(table)], pmon: [process(pmon)])
    #expect(outcome.node?.sessions.map(\.pid) == [100] && outcome.node?.sessions.map(\.type) == [nil])
    #expect(outcome.report.problems[.processContradicted] == 1 && outcome.isComplete)
  }

  @Test func `a process of the list is a session, even if it is called a graphics process everywhere`() {
    let run = FakeRun(node(listed: [one], table: [process("G")], pmon: [process("G")]))
    #expect(run.file.value(key) == "1" && run.file.problems("process_contradicted") == "1")
  }

  @Test func `two rows of one process in the table agree or are none`() {
    let other = FakeProcess(pid: 100, name: "/usr/bin/other", type: "C+G")
    let different = outcome(listed: [one], table: [one, other], pmon: [])
    #expect(different.node?.sessions.map(\.type) == [nil] && different.node?.sessions.map(\.command) == ["comm"])
    #expect(different.report.problems[.processContradicted] == 1)
    let same = outcome(listed: [one], table: [one, one])
    #expect(same.node?.sessions.map(\.type) == ["C"] && same.node?.sessions.map(\.command) == ["python3"])
  }

  // MARK: Rows that the list does not have

  @Test func `a compute process of the table alone is no session, and its GPU is not known to be idle`() {
    for type in ["C", "C+G", "M+C"] {
      let node = node(listed: [], table: [process(type)], pmon: [])
      node.addProcess(100)
      let run = FakeRun(node)
      #expect(run.file.problems("process_unlisted") == "1" && run.file.success == "1")
      #expect(run.file.rows("gpu_session_count") == ["{gpu=\"1\"} 0"])
      #expect(run.file.value("gpu_total_sessions") == "0")
      #expect(run.file.rows("gpu_process_info").map { $0.prefix(9) } == ["{gpu=\"1\","])
      #expect(!node.reads.contains { $0.hasPrefix("/proc/100/") })
    }
  }

  @Test func `beside it the sessions of the list are counted`() {
    let run = FakeRun(node(listed: [one], table: [one, FakeProcess(pid: 200)]))
    #expect(run.file.rows("gpu_session_count") == ["{gpu=\"0\"} 1", "{gpu=\"1\"} 0"])
    #expect(run.file.problems("process_unlisted") == "1")
  }

  @Test func `graphics processes alone leave the GPU idle, unless one is at work`() {
    let graphics = FakeProcess(pid: 100, type: "G")
    let idle = FakeRun(node(listed: [], table: [graphics], pmon: []))
    #expect(idle.file.rows("gpu_process_info").count == 2 && idle.file.problems("process_unlisted") == "0")
    // pmon has 30 % for it.
    let busy = FakeRun(node(listed: [], table: [graphics], pmon: [graphics]))
    #expect(busy.file.rows("gpu_session_count") == ["{gpu=\"0\"} 0", "{gpu=\"1\"} 0"])
    #expect(busy.file.rows("gpu_process_info").map { $0.prefix(9) } == ["{gpu=\"1\","])
    #expect(busy.file.success == "1" && busy.file.problems("process_unlisted") == "0")
    let other = FakeRun(node(listed: [one], table: [one, FakeProcess(gpu: 1, pid: 100, type: "G")], pmon: [one]))
    #expect(other.file.rows("gpu_process_info").count == 2)
  }

  @Test func `a graphics process without a figure, or with 0 %, is not at work`() {
    let node = node(listed: [], table: [FakeProcess(pid: 100, type: "G")])
    for figure in ["-", "0"] {
      node.answers[.pmon] = [
        .text(
          FakeProcess.pmon([FakeProcess(pid: 100, type: "G")], idle: [1]).replacing(" 30 ", with: "  \(figure) "))
      ]
      let gpus = Pipeline(host: node.host, options: Options()).run().node?.inventory.gpus
      #expect(gpus?.map(\.doubts) == [[], []], "\(figure)")
    }
  }

  @Test func `one row that is no graphics process makes all of a process a finding`() {
    let outcome = outcome(listed: [], table: [process("G"), process("C")], pmon: [process("G")])
    #expect(outcome.report.problems[.processUnlisted] == 1)
    #expect(outcome.node?.inventory.gpus.map(\.doubts) == [.unlistedProcess, []])
  }

  @Test func `a row of a GPU that is not listed, or could not be read, is passed over`() {
    let elsewhere = outcome(listed: [one], table: [one, FakeProcess(gpu: 7, pid: 300)])
    #expect(elsewhere.report.problems[.processUnlisted] == 0)
    let node = node(listed: [one], table: [one, FakeProcess(gpu: 1, pid: 300)])
    node.answers[.apps] = [
      .text(FakeProcess.table([one]) + "\(FakeGPU(index: 1).uuid), [Insufficient Permissions], [N/A]\n")
    ]
    let unreadable = Pipeline(host: node.host, options: Options()).run()
    #expect(unreadable.report.problems[.processUnlisted] == 0)
    #expect(unreadable.node?.inventory.gpus.map(\.doubts) == [[], []])
  }

  // MARK: The list

  @Test func `processes are sorted by GPU and PID, in whatever order they are listed`() {
    let processes = [(0, 100), (0, 102), (1, 100), (1, 101), (1, 103)].map { FakeProcess(gpu: $0.0, pid: $0.1) }
    let families = ["gpu_process_info", "gpu_process_utilization", "gpu_session_count"]
    let sorted = FakeRun(node(listed: processes))
    #expect(sorted.file.rows("gpu_process_info").count == 5)
    for other in [processes.reversed(), Array(processes[2...] + processes[..<2])] {
      let run = FakeRun(node(listed: other))
      for family in families { #expect(run.file.rows(family) == sorted.file.rows(family)) }
    }
  }

  @Test func `processes on instances are sorted by instance, then PID`() {
    let places = [(2, 100), (1, 300), (1, 200)]
    let node = FakeHost.migNode(places.map { FakeProcess(pid: Int32($0.1), instance: ($0.0, 0)) })
    let sessions = Pipeline(host: node.host, options: Options()).run().node?.sessions ?? []
    #expect(sessions.map(\.device.label) == ["0_1_0", "0_1_0", "0_2_0"] && sessions.map(\.pid) == [200, 300, 100])
  }

  @Test func `of two rows of a process the larger memory counts, wherever they stand`() {
    let large = FakeProcess(gpu: 0, pid: 101, memory: "3072 MiB")
    let (small, unknown) = (FakeProcess(gpu: 0, pid: 101), FakeProcess(gpu: 0, pid: 101, memory: "[N/A]"))
    let others = [FakeProcess(gpu: 0, pid: 100), FakeProcess(gpu: 1, pid: 101)]
    for order in [
      [others[0], small, large, others[1]], [large, others[1], others[0], small],
      [others[1], unknown, others[0], large],
      [large, unknown, others[0], others[1]],
    ] {
      let file = FakeRun(node(listed: order)).file
      #expect(file.rows("gpu_process_info").count == 3)
      #expect(file.rows("gpu_process_memory_bytes").map { $0.hasSuffix("} 3221225472") } == [false, true, false])
      #expect(file.problems("process_row_duplicate") == "1")
    }
  }

  @Test func `a row that is there twice is one`() {
    for memory in ["1024 MiB", "[N/A]"] {
      let twice = FakeProcess(pid: 100, memory: memory)
      let outcome = outcome(listed: [twice, twice])
      #expect(outcome.node?.sessions.count == 1 && outcome.report.problems[.processRowDuplicate] == 0)
    }
  }

  @Test func `a process of a GPU that is not listed is counted`() {
    let outcome = outcome(listed: [one, FakeProcess(gpu: 7, pid: 200)])
    #expect(outcome.node?.sessions.map(\.pid) == [100] && !outcome.isComplete)
    #expect(outcome.report.problems[.processRowUnknownGPU] == 1)
  }

  // MARK: Instances

  @Test func `on an instance the list's figure counts, and the table's where it has none`() {
    let listed = [
      FakeProcess(pid: 100, instance: (1, 0)), FakeProcess(pid: 200, memory: "[N/A]", instance: (2, 0)),
    ]
    let node = FakeHost.migNode(listed)
    node.setTables(
      .mig([
        FakeProcess(pid: 100, memory: "7 MiB", instance: (1, 0)),
        FakeProcess(pid: 200, memory: "8 MiB", instance: (2, 0)),
      ]))
    let sessions = Pipeline(host: node.host, options: Options()).run().node?.sessions ?? []
    #expect(sessions.map(\.memoryBytes) == [1024 << 20, 8 << 20])
    #expect(sessions.map(\.deviceMemoryBytes) == [4096 << 20, 4096 << 20])
  }

  @Test func `a graphics row on an instance contradicts the list there only`() {
    let places = [FakeProcess(pid: 100, instance: (1, 0)), FakeProcess(pid: 100, type: "G", instance: (2, 0))]
    let node = FakeHost.migNode([places[0]])
    node.setTables(.mig(places))
    node.answers[.pmon] = [.text(FakeProcess.pmon([], idle: [0, 1]))]
    let outcome = Pipeline(host: node.host, options: Options()).run()
    #expect(outcome.node?.sessions.map(\.type) == ["C", nil])
    #expect(outcome.report.problems[.processContradicted] == 1)
  }

  @Test func `a name with a line feed is on its instance`() {
    let node = FakeHost.migNode([FakeProcess(pid: 100, name: "a\nb", instance: (1, 0))])
    let sessions = Pipeline(host: node.host, options: Options()).run().node?.sessions ?? []
    #expect(sessions.map(\.device.label) == ["0_1_0"] && sessions.map(\.command) == ["a\nb"])
    #expect(sessions.map(\.type) == ["C"])
  }
}
