import GPUSessions
import Testing

@Suite struct DeviceChecksTests {
  @Test func `a lost GPU fails, whether it has a row or not`() throws {
    let node = FakeHost.installed()
    #expect(try node.finding("devices") == .pass("2 GPUs"))
    let table = FakeGPU.table([.init(index: 0), .init(index: 1)])
    let complaint = "Unable to determine the device handle for GPU1: 0000:01:00.0: Unknown Error\n"
    node.answers[.gpus] = [.text(table + complaint)]
    #expect(says(try node.finding("devices"), .fail, "GPU 1 (00000000:01:00.0): lost", advice: "xid"))
    node.answers[.gpus] = [.text(FakeGPU.table([.init(index: 0)]) + complaint)]
    #expect(says(try node.finding("devices"), .fail, "GPU 1 (00000000:01:00.0): lost", advice: "xid"))
    node.answers[.gpus] = [.text(table.replacing("20000 MiB", with: "[GPU is lost]"))]
    #expect(says(try node.finding("devices"), .fail, "GPU 0 (00000000:00:00.0), GPU 1 (00000000:01:00.0): lost"))
    #expect(says(try node.finding("answer"), .pass, "GPUs and processes"))
  }

  @Test func `a GPU that is kept from the user is not lost`() throws {
    let node = FakeHost.installed([])
    node.answers[.apps] = [
      .text(FakeProcess.table([]) + "\(FakeGPU(index: 1).uuid), [Insufficient Permissions], [N/A]\n")
    ]
    #expect(says(try node.finding("devices"), .fail, "GPU 1: [Insufficient Permissions]", advice: "root"))
    #expect(says(try node.finding("mig"), .pass, "2 instances on 1 GPU"))
  }

  @Test func `rows that make no sense are counted`() throws {
    let node = FakeHost.installed()
    node.answers[.apps]?[0].standardOutput += Array("what is this\n".utf8)
    #expect(says(try node.finding("devices"), .warn, "1 row of nvidia-smi could not be used"))
  }

  @Test func `MIG that is kept from the user names the capability`() throws {
    let node = FakeHost.installed([])
    #expect(try node.finding("mig") == .pass("2 instances on 1 GPU"))
    node.answers[.apps] = [
      .text(FakeProcess.table([]) + "\(FakeGPU(index: 0).uuid), [Insufficient Permissions], [N/A]\n")
    ]
    #expect(says(try node.finding("mig"), .fail, "[Insufficient Permissions]", advice: "MIG_MONITOR_DEVICES=all"))
    #expect(says(try node.finding("devices"), .pass, "2 GPUs"))
  }

  @Test func `a table without the instances says so too`() throws {
    for text in ["", FakeTable(processes: []).text, FakeTable.mig([(0, 1, 0), (0, 1, 0)], []).text] {
      let node = FakeHost.installed([])
      node.answers[.table] = [.text(text)]
      #expect(
        says(try node.finding("mig"), .fail, "GPU 0: MIG is on, and nvidia-smi does not list", advice: "root"))
      #expect(says(try node.finding("devices"), .pass, "2 GPUs"))
    }
  }

  @Test func `MIG without instances, with a layout that changes, and with processes on none`() throws {
    let node = FakeHost.installed([])
    node.setList(profiles: [])
    #expect(says(try node.finding("mig"), .warn, "nvidia-smi and nvidia-smi -L list different", advice: "again"))
    node.setTables(.mig([], []))
    #expect(says(try node.finding("mig"), .warn, "GPU 0: MIG is on and no instance", advice: "-i 0 -mig 0"))
    let busy = FakeHost.installed([FakeProcess(pid: 100, instance: (7, 0))])
    #expect(says(try busy.finding("mig"), .warn, "the MIG instance of 1 process is not known", advice: "again"))
  }

  /// The row of GPU 0 with two of the newer fields.
  private func node(pending: String, action: String) -> FakeHost {
    let node = FakeHost.installed([])
    let gpus = FakeGPU.table([.init(index: 0), .init(index: 1)]).split(separator: "\n")
    let values = ["mig.mode.pending, gpu_recovery_action", "\(pending), \(action)", "Disabled, None"]
    node.answers[.gpus] = [.text(zip(gpus, values).map { "\($0), \($1)\n" }.joined())]
    return node
  }

  @Test func `what a GPU needs before it works again is said`() throws {
    let broken = try node(pending: "Disabled", action: "Drain and Reset").finding("devices")
    #expect(says(broken, .warn, "GPU 0: Drain and Reset", advice: "dmesg"))
    #expect(says(try node(pending: "Disabled", action: "None").finding("devices"), .pass, "2 GPUs"))
    #expect(says(try node(pending: "Disabled", action: "[N/A]").finding("devices"), .pass, "2 GPUs"))
  }

  @Test func `a MIG mode that waits for a reset is said`() throws {
    let pending = try node(pending: "Enabled", action: "None").finding("mig")
    #expect(says(pending, .warn, "GPU 0: the MIG mode changes at the next reset", advice: "--gpu-reset -i 0"))
  }

  @Test func `without MIG there is nothing to say of it`() throws {
    let node = FakeHost.installed([])
    node.answers[.gpus] = [.text(FakeGPU.table([.init(index: 0), .init(index: 1)]))]
    node.setTables(FakeTable())
    #expect(try node.finding("mig") == .skip("no GPU has MIG on"))
    node.unknownFields = ["mig.mode.current"]
    #expect(try node.finding("mig") == .skip("the driver knows no MIG"))
  }
}
