import GPUSessions
import Testing

/// Valid answers with a few bytes changed, always the same way: nothing traps and what is read stays sound.
@Suite struct MutationTests {
  private static let rounds = 2000

  private static let gpuList = answer(
    "index, uuid, pci.bus_id, name, driver_version, mig.mode.current, memory.total [MiB], memory.used [MiB]",
    "0, GPU-0, 00000000:3B:00.0, NVIDIA H100 80GB HBM3, 590.48.01, Enabled, 81559 MiB, 11125 MiB",
    "Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error",
    "2, GPU-2, 00000000:5E:00.0, NVIDIA A30, 590.48.01, [N/A], 24576 MiB, [GPU is lost]")
  private static let apps = answer(
    "gpu_uuid, pid, used_gpu_memory [MiB], process_name", "GPU-0, 5268, 370 MiB, ffmpeg",
    "GPU-0, [Insufficient Permissions], [Insufficient Permissions], [Insufficient Permissions]",
    "GPU-2, 7, [N/A], a, b")
  private static let pmon = answer(
    "# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command ",
    "# Idx           #    C/G      %      %      %      %      %      %    name ",
    "    0      20037     C      2      0     24      -      -      -    ffmpeg         ",
    "    1          -     -      -      -      -      -      -      -    -              ")
  private static let list = answer(
    "GPU 0: NVIDIA H100 (UUID: GPU-0)", "  MIG 1c.3g.40gb  Device  0: (UUID: MIG-0)",
    "  MIG 1g.5gb Device 1: (UUID: MIG-GPU-5c89852c/7/0)", "GPU 1: NVIDIA H100 (UUID: GPU-1)")
  private static let document = octets(
    "<log><gpu id=\"0\"><mig_mode><current_mig>Enabled</current_mig></mig_mode><mig_devices><mig_device><index>0</index>"
      + "<gpu_instance_id>2</gpu_instance_id><compute_instance_id>0</compute_instance_id><fb_memory_usage><total>9984 MiB"
      + "</total></fb_memory_usage></mig_device></mig_devices><uuid>GPU-0</uuid><processes><process_info><gpu_instance_id>2"
      + "</gpu_instance_id><compute_instance_id>0</compute_instance_id><pid>7</pid><type>C</type><process_name>a &lt;"
      + "</process_name><used_memory>1 MiB</used_memory></process_info></processes></gpu></log>")

  private func mutations(of bytes: [UInt8], seed: UInt64, _ body: ([UInt8]) -> Bool) -> Int {
    var random = LinearCongruential(state: seed)
    var read = 0
    for _ in 0..<Self.rounds where body(random.mutated(bytes)) { read += 1 }
    return read
  }

  @Test func `the GPU list`() {
    let read = mutations(of: Self.gpuList, seed: 1) { bytes in
      let complaints = bytes.lines().compactMap { Message($0) }
      guard let query = GPUQuery(bytes, complaints: complaints) else { return false }
      #expect(query.gpus.map(\.index) == Set(query.gpus.map(\.index)).sorted())
      #expect(query.gpus.allSatisfy { $0.uuid.isEmpty ? !$0.isReadable : $0.uuid.hasPrefix("GPU-") })
      return !query.gpus.isEmpty
    }
    #expect(read > Self.rounds / 4)
  }

  @Test func `the process list`() {
    let read = mutations(of: Self.apps, seed: 2) { bytes in
      guard let apps = ComputeApps(bytes) else { return false }
      #expect(apps.processes.allSatisfy { $0.pid > 0 && $0.name?.isEmpty != true })
      return !apps.processes.isEmpty
    }
    #expect(read > Self.rounds / 4)
  }

  @Test func `pmon`() {
    let read = mutations(of: Self.pmon, seed: 3) { bytes in
      guard let pmon = Pmon(bytes) else { return false }
      #expect(pmon.rows.allSatisfy { $0.key.pid > 0 && pmon.coveredGPUs.contains($0.key.gpu) })
      #expect(
        pmon.rows.values.allSatisfy { (0...100).contains($0.utilization.sm ?? 0) && $0.type?.isEmpty != true }
      )
      return !pmon.rows.isEmpty
    }
    #expect(read > Self.rounds / 4)
  }

  @Test func `the list of instances`() {
    let read = mutations(of: Self.list, seed: 4) { bytes in
      let list = InstanceList(bytes)
      #expect(list.entries.allSatisfy { list.gpuUUIDs.contains($0.gpuUUID) && $0.uuid.hasPrefix("MIG-") })
      #expect(
        list.entries.allSatisfy { ($0.profile?.computeSlices ?? 1) <= ($0.profile?.gpuInstanceSlices ?? 1) })
      return !list.entries.isEmpty
    }
    #expect(read > Self.rounds / 4)
  }

  @Test func `the XML document`() {
    let read = mutations(of: Self.document, seed: 5) { bytes in
      let document = SMIDocument(bytes)
      #expect(document.gpus.allSatisfy { gpu in gpu.isWhole && gpu.processes.allSatisfy { $0.pid > 0 } })
      return !document.gpus.isEmpty
    }
    #expect(read > Self.rounds / 4)
  }

  @Test func `the XML document cut at every byte`() {
    for length in Self.document.indices {
      let isWhole = length >= Self.document.count - "</log>".utf8.count
      #expect(
        SMIDocument(Array(Self.document[..<length])).gpus.count == (isWhole ? 1 : 0), "cut at \(length)")
    }
  }
}
