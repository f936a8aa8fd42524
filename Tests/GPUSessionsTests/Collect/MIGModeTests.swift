import Testing

@testable import GPUSessions

/// GPUs of which the GPU list does not tell whether MIG is on: nothing is called a whole GPU on a guess.
@Suite struct MIGModeTests {
  private let gpu = FakeGPU(index: 0)

  /// One H100 with this MIG mode and these processes, and what `-L` prints.
  private func node(_ mode: String, _ processes: [FakeProcess] = [], list: String?) -> FakeHost {
    let node = FakeHost.node(gpus: [.init(index: 0, mig: mode)], processes)
    if let list { node.answers[.list] = [.text(list)] }
    return node
  }

  private var listed: String { "GPU 0: NVIDIA H100 80GB HBM3 (UUID: \(gpu.uuid))\n" }

  @Test(arguments: ["[Unknown Error]", "Enabled*", "Something"])
  func `an unknown mode is settled by instances`(_ mode: String) {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0))])
    let text = FakeGPU.table([.init(index: 0, mig: mode), .init(index: 1)])
    node.answers[.gpus] = [.text(text)]
    let run = FakeRun(node)
    #expect(run.file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1" && run.file.success == "1")
    #expect(run.file.problems("mig_mode_unknown") == "0")
  }

  @Test func `without instances a process runs on the whole GPU, and without one nothing is known`() {
    let busy = FakeRun(node("[Unknown Error]", [FakeProcess(pid: 100)], list: listed))
    #expect(busy.file.value("gpu_session_count{gpu=\"0\"}") == "1" && busy.file.problems("mig_mode_unknown") == "1")
    #expect(busy.file.success == "0" && busy.file.rows("gpu_compute_fraction") == [])
    let free = FakeRun(node("[Unknown Error]", list: listed))
    #expect(free.file.rows("gpu_session_count") == [] && free.file.rows("gpu_process_info") == [])
    #expect(free.status == .success && free.file.value("gpu_info{gpu=\"0\"")?.isEmpty != true)
  }

  @Test func `where nothing lists the GPU's instances it is not readable`() {
    let run = FakeRun(node("[Unknown Error]", [FakeProcess(pid: 100)], list: nil))
    #expect(run.status == .failure && run.file.problems("no_readable_device") == "1")
  }

  @Test func `a row on an instance that is not listed is not placed`() {
    let process = FakeProcess(pid: 100, instance: (1, 0))
    let run = FakeRun(node("[Unknown Error]", [process], list: listed))
    #expect(run.file.rows("gpu_session_count") == [] && run.file.problems("mig_unplaced") == "1")
  }

  @Test(arguments: ["Disabled", "[N/A]", "[Not Supported]"], ["NVIDIA H100 80GB HBM3", "NVIDIA R200"])
  func `instances prove that MIG is on, whatever the list of GPUs says`(_ mode: String, _ product: String) {
    let node = FakeHost.migNode([FakeProcess(pid: 100, instance: (1, 0))])
    let text = FakeGPU.table([.init(index: 0, mig: mode), .init(index: 1)])
    node.answers[.gpus] = [.text(text.replacing("NVIDIA H100 80GB HBM3", with: product))]
    let file = FakeRun(node).file
    #expect(
      file.value("gpu_session_count{gpu=\"0_1_0\"}") == "1" && file.value("gpu_session_count{gpu=\"0_2_0\"}") == "0"
    )
    #expect(file.value("gpu_session_count{gpu=\"0\"}") == nil && file.value("gpu_session_count{gpu=\"1\"}") == "0")
  }

  @Test func `not available on a product with MIG means that it is off if the table has no MIG devices`() {
    let node = node("[N/A]", list: nil)
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table]])
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "0" && run.file.success == "1")
  }

  @Test func `without the table the list of devices is asked, and believed where it has no instance`() {
    let node = node("[N/A]", list: listed)
    node.answers[.table] = [.text("")]
    let run = FakeRun(node)
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table], [.list]])
    #expect(run.file.value("gpu_session_count{gpu=\"0\"}") == "0" && run.file.success == "1")
    let silent = self.node("[N/A]", list: nil)
    silent.answers[.table] = [.text("")]
    let file = FakeRun(silent).file
    #expect(file.rows("gpu_session_count") == [] && file.problems("mig_mode_unknown") == "0")
  }
}
