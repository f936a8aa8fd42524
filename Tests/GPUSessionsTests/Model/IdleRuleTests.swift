import Testing

@testable import GPUSessions

/// A device is idle only if every row and PID that an answer of nvidia-smi has for its GPU was understood and placed.
@Suite struct IdleRuleTests {
  private let uuid = FakeGPU(index: 0).uuid
  private let idle = FakeProcess.pmon([], idle: [0, 1])

  /// Two GPUs without a process but for these rows of the process list, and what pmon prints.
  private func run(_ rows: String, pmon: String? = nil) -> FakeRun {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [])
    node.answers[.apps] = [.text(FakeProcess.table([]) + rows)]
    if let pmon { node.answers[.pmon] = [.text(pmon)] }
    return FakeRun(node)
  }

  /// The GPUs with an idle row, and those with a count.
  private func idle(_ run: FakeRun) -> (idle: [String], counted: [String]) {
    let gpu = { (row: String) in String(row.split(separator: "\"")[1]) }
    return (
      run.file.rows("gpu_process_info").filter { $0.contains("status=\"idle\"") }.map(gpu),
      run.file.rows("gpu_session_count").map(gpu)
    )
  }

  @Test(arguments: ["UUID, 0, 2000 MiB", "UUID, -1, 2000 MiB", "UUID, 77", "UUID, 7x, 1 MiB", "UUID, 1, 2, 3"])
  func `a row that was given up says that somebody is on its GPU`(_ row: String) {
    let run = run(row.replacing("UUID", with: uuid) + "\n")
    #expect(idle(run) == (["1"], ["1"]))
    #expect(run.file.problems("process_row_malformed") == "1" && run.file.success == "0")
  }

  @Test(arguments: ["something new", "[N/A], 7, 1 MiB", ", , "])
  func `a row that names no GPU may be any GPU's`(_ row: String) {
    let run = run(row + "\n")
    #expect(idle(run) == ([], []) && run.file.problems("process_row_malformed") == "1")
    #expect(run.status == .success && run.file.success == "0")
  }

  @Test func `a row of a GPU that is not listed speaks of no other`() {
    let run = run("GPU-70000000-0000-0000-0000-000000000000, 7, 1 MiB\n")
    #expect(idle(run) == (["0", "1"], ["0", "1"]) && run.file.problems("process_row_unknown_gpu") == "1")
  }

  @Test func `a process that cannot be listed leaves the others there`() {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [FakeProcess(pid: 100)])
    let refused = "[Not Supported], [Not Supported]\n"
    node.answers[.apps] = [
      .text(FakeProcess.table([FakeProcess(pid: 100)]) + "\(uuid), \(refused)\(FakeGPU(index: 1).uuid), \(refused)")
    ]
    let run = FakeRun(node)
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1" && idle(run) == ([], ["0"]))
    #expect(run.file.problems("process_row_unsupported") == "2" && run.file.success == "0")
    #expect(run.file.problems("device_unreadable") == "0" && run.file.rows("gpu_memory_unattributed_bytes") == [])
  }

  @Test func `one bad row costs itself only`() {
    let node = FakeHost.node(gpus: [.init(index: 0)], [FakeProcess(pid: 100)])
    node.answers[.apps] = [
      .text(FakeProcess.table([FakeProcess(pid: 100)]) + "\(uuid), [Unknown Error], [Unknown Error]\n")
    ]
    let run = FakeRun(node)
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "1" && run.file.problems("device_unreadable") == "0")
    #expect(run.file.problems("process_row_malformed") == "1" && run.file.success == "0")
  }

  @Test(arguments: ["C", "C+G", "M+C", "-", "X"])
  func `a process that pmon alone has is not placed, unless it only draws`(_ type: String) {
    let pmon = FakeProcess.pmon([FakeProcess(pid: 100, type: type)], idle: [1])
    let run = run("", pmon: pmon)
    #expect(idle(run) == (["1"], ["1"]) && run.file.problems("process_unlisted") == "1")
    let drawing = self.run(
      "", pmon: FakeProcess.pmon([FakeProcess(pid: 100, type: "G")], idle: [1]).replacing(" 30 ", with: " 0 "))
    #expect(idle(drawing) == (["0", "1"], ["0", "1"]) && drawing.file.problems("process_unlisted") == "0")
  }

  @Test func `what the table calls drawing and pmon calls computing is not placed`() {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [])
    node.setTables(FakeTable(processes: [FakeProcess(pid: 100, type: "G")]))
    node.answers[.pmon] = [.text(FakeProcess.pmon([FakeProcess(pid: 100)], idle: [1]))]
    #expect(idle(FakeRun(node)) == (["1"], ["1"]))
  }

  @Test func `a row of pmon or the table that could not be read is somebody's on its GPU`() {
    let odd = FakeProcess.pmon([FakeProcess(pid: 100)], idle: [1]).replacing("100", with: "1x0")
    #expect(idle(run("", pmon: odd)) == (["1"], ["1"]))
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [])
    let table = FakeTable(processes: [FakeProcess(pid: 100)]).text.replacing(" 100 ", with: " 1x0 ")
    node.answers[.table] = [.text(table)]
    let run = FakeRun(node)
    #expect(idle(run) == (["1"], ["1"]) && run.file.rows("gpu_memory_unattributed_bytes").count == 1)
  }

  @Test(arguments: [("GPU-70000000-0000-0000-0000-000000000000", ["0", "1"]), ("GPU-7000", []), ("", [])])
  func `a bad row with the whole UUID of another GPU speaks of that one`(_ uuid: String, _ left: [String]) {
    #expect(idle(run("\(uuid), 7x, 1 MiB\n")) == (left, left))
  }

  @Test func `a row that names a MIG instance is of that instance's GPU`() {
    let node = FakeHost.migNode([])
    node.answers[.apps] = [.text(FakeProcess.table([]) + "\(FakeHost.migUUID(0)), 7, 1 MiB\n")]
    let run = FakeRun(node)
    #expect(idle(run) == (["1"], ["1"]) && run.file.problems("mig_unplaced") == "1")
    node.answers[.apps] = [.text(FakeProcess.table([]) + "MIG-unknown, 7, 1 MiB\n")]
    #expect(idle(FakeRun(node)) == (["1"], ["1"]))
  }

  @Test func `an integrated GPU is idle only if pmon or the process list shows it`() {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [])
    let bare = String(FakeGPU(index: 1).uuid.dropFirst(4))
    node.answers[.gpus] = [
      .text(FakeGPU.table([.init(index: 0), .init(index: 1)]).replacing("GPU-\(bare)", with: bare))
    ]
    node.answers[.pmon] = [.text(FakeProcess.pmon([], idle: [0]))]
    let silent = FakeRun(node)
    #expect(idle(silent) == (["0"], ["0"]) && silent.file.success == "1")
    #expect(silent.file.rows("gpu_device_readable").count == 2 && silent.file.problems("pmon_gpu_missing") == "0")
    node.answers[.pmon] = [.text(idle)]
    #expect(idle(FakeRun(node)) == (["0", "1"], ["0", "1"]))
  }
}
