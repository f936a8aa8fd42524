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

  private func gpu(used: UInt64?) -> GPU? {
    let used = used.map { "\($0) MiB" } ?? "[N/A]"
    let output = "index, uuid, pci.bus_id, memory.used [MiB]\n0, GPU-1, 00000000:01:00.0, \(used)\n"
    return GPUList(Array(output.utf8), complaints: [])?.gpus.first

  }

  private func left(_ rows: [(pid: String, type: String, memory: String)], listed: Set<Int32> = []) -> UInt64? {
    let processes = rows.map { row in
      "<process_info><gpu_instance_id>1</gpu_instance_id><compute_instance_id>0</compute_instance_id>"
        + "<pid>\(row.pid)</pid><type>\(row.type)</type><used_memory>\(row.memory)</used_memory></process_info>"
    }
    let text = "<nvidia_smi_log><gpu><uuid>GPU-1</uuid><processes>" + processes.joined() + "</processes></gpu>"
    guard let gpu = gpu(used: 100), let seen = MIGDocument(Array(text.utf8)).gpu(uuid: "GPU-1") else { return nil }
    return unattributedMemory(of: gpu, seen, listed: listed)
  }

  @Test func ofAMIGGPUAllTypesCount() {
    #expect(left([]) == 100 * mebibyte)
    #expect(left([("1", "C", "30 MiB"), ("2", "G", "20 MiB")], listed: [1]) == 50 * mebibyte)
    // The same process as two rows of two types holds its memory once.
    #expect(left([("1", "C", "30 MiB"), ("1", "G", "20 MiB")]) == 70 * mebibyte)
  }

  @Test func ofAMIGGPUAMissingFigureIsNoAnswer() {
    #expect(left([("1", "C", "30 MiB"), ("2", "C", "N/A")]) == nil)
    #expect(left([("1", "C", "30 MiB"), ("1", "G", "N/A")]) == nil)
    #expect(left([("x", "C", "30 MiB")]) == nil)
    #expect(left([("1", "C", "30 MiB")], listed: [1, 2]) == nil)
    #expect(left([("1", "C", "99999999999999999999 MiB")]) == nil)
  }

  @Test func pmonSaysWhatGraphicsProcessesHold() throws {
    let text = "# gpu pid type sm fb command\n 0 7 G 1 112 Xorg\n 0 8 G - - Xorg\n 0 9 C - 18446744073709551615 x\n"
    let pmon = try #require(Pmon(Array(text.utf8)))
    #expect(pmon.hasMemory)
    #expect(pmon.rows[.init(gpu: 0, pid: 7)]?.memoryBytes == 112 * mebibyte)
    #expect(pmon.rows[.init(gpu: 0, pid: 8)]?.memoryBytes == nil)
    #expect(pmon.rows[.init(gpu: 0, pid: 9)]?.memoryBytes == nil)
    let without = try #require(Pmon(Array("# gpu pid type sm command\n 0 7 G 1 Xorg\n".utf8)))
    #expect(!without.hasMemory)
    var merged = pmon
    merged.merge(without)
    #expect(!merged.hasMemory)
  }
}
