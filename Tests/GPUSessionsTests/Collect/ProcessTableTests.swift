import GPUSessions
import Testing

/// Processes of whole GPUs, in whatever order nvidia-smi lists them.
@Suite struct ProcessTableTests {
  private let gpus: [FakeGPU] = [.init(index: 0), .init(index: 1)]

  private func placed(_ processes: [FakeProcess]) -> FakeRun { FakeRun(FakeHost.node(gpus: gpus, processes)) }

  @Test func `the order of the list changes nothing`() {
    let processes = [(0, 100), (0, 102), (1, 100), (1, 101), (1, 103)].map { FakeProcess(gpu: $0.0, pid: $0.1) }
    let families = ["gpu_process_info", "gpu_process_utilization", "gpu_session_count"]
    let sorted = placed(processes)
    #expect(sorted.file.rows("gpu_process_info").count == 5)
    for other in [placed(processes.reversed()), placed(Array(processes[2...] + processes[..<2]))] {
      for family in families { #expect(other.file.rows(family) == sorted.file.rows(family)) }
    }
  }

  @Test func `of two rows of a process the larger memory counts, wherever they stand`() {
    var large = FakeProcess(gpu: 0, pid: 101)
    large.memory = "3072 MiB"
    let small = FakeProcess(gpu: 0, pid: 101)
    let others = [FakeProcess(gpu: 0, pid: 100), FakeProcess(gpu: 1, pid: 101)]
    let orders = [
      [others[0], small, large, others[1]], [large, others[1], others[0], small],
      [others[1], small, others[0], large],
    ]
    for order in orders {
      let file = placed(order).file
      #expect(file.rows("gpu_process_info").count == 3)
      #expect(file.rows("gpu_process_memory_bytes").map { $0.hasSuffix("} 3221225472") } == [false, true, false])
      #expect(file.problems("process_row_duplicate") == "1")
    }
  }

  @Test func `two names of one process are a contradiction, though the memory is the same`() {
    let file = placed([FakeProcess(pid: 100), FakeProcess(pid: 100, name: "/usr/bin/bash")]).file
    #expect(file.rows("gpu_process_info").count == 2 && file.problems("process_row_duplicate") == "1")
  }
}
