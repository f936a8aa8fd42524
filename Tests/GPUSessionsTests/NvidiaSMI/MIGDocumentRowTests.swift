import GPUSessions
import Testing

/// Documents made by hand: rows that are odd, forged or doubled.
@Suite struct MIGDocumentRowTests {
  private func gpu(_ inner: String) throws -> MIGDocument.GPU {
    let document = MIGDocument(
      octets("<nvidia_smi_log><gpu id=\"1\"><uuid>GPU-1</uuid>\(inner)</gpu></nvidia_smi_log>"))
    return try #require(document.gpu(uuid: "GPU-1"))
  }

  private func process(_ pid: String, name: String = "a", gi: String = "2", ci: String = "0") -> String {
    "<process_info><gpu_instance_id>\(gi)</gpu_instance_id><compute_instance_id>\(ci)</compute_instance_id>"
      + "<pid>\(pid)</pid><type>C</type><process_name>\(name)</process_name><used_memory>1 MiB</used_memory></process_info>"
  }

  @Test func `names have their entities resolved and may be absent`() throws {
    let gpu = try gpu(
      "<processes>" + process("7", name: "a &lt;b&gt; &amp;amp;") + process("8", name: "")
        + process("9", name: "N/A")
        + "</processes>")
    #expect(gpu.processes.map(\.name) == [octets("a <b> &amp;"), nil, nil])
  }

  @Test(arguments: [
    "<", "a<b", "</", "a</b>", "<!--", "</process_name>", "</process_name><type>G</type", "<x><y><z>",
    "<used_memory>",
  ])
  func `a raw name costs neither its process nor the next one`(_ name: String) throws {
    let gpu = try gpu("<processes>" + process("7", name: name) + process("8") + "</processes>")
    #expect(gpu.processes.map(\.pid) == [7, 8])
    #expect(gpu.processes.allSatisfy { $0.instance == InstanceID(gpuInstance: 2, computeInstance: 0) })
    #expect(gpu.processes.last?.name == octets("a"))
  }

  @Test(arguments: ["N/A", "0", "-1", "x", "", "2147483648"])
  func `a row without a PID is malformed`(_ pid: String) throws {
    let gpu = try gpu("<processes>" + process(pid) + process("8") + "</processes>")
    #expect(gpu.processes.map(\.pid) == [8] && gpu.malformedRows == 1 && gpu.unreadableReason == nil)
  }

  @Test func `a PID that is kept from us makes the GPU forbidden`() throws {
    let gpu = try gpu("<processes>" + process("Insufficient Permissions") + process("8") + "</processes>")
    #expect(gpu.unreadableReason == .forbidden && gpu.processes.map(\.pid) == [8] && gpu.malformedRows == 0)
  }

  @Test func `a process without one of the instance IDs is on none`() throws {
    let gpu = try gpu(
      "<processes>" + process("7", gi: "N/A", ci: "N/A") + process("8", ci: "N/A")
        + "<process_info><pid>9</pid></process_info></processes>")
    #expect(gpu.processes.map(\.instance) == [nil, nil, nil])
    #expect(gpu.processes.map(\.pid) == [7, 8, 9] && gpu.processes.last?.type == nil)
  }

  @Test func `one process said twice is one, on two instances two`() throws {
    let gpu = try gpu("<processes>" + process("7") + process("7") + process("7", gi: "3") + "</processes>")
    #expect(gpu.processes.map { $0.instance?.gpuInstance } == [2, 3])
  }

  @Test func `nothing of one row leaks into the next`() throws {
    let gpu = try gpu("<processes>" + process("7") + "<process_info><pid>8</pid></process_info></processes>")
    let last = try #require(gpu.processes.last)
    #expect(last.pid == 8 && last.instance == nil && last.name == nil && last.memoryBytes == nil)
    #expect(last.type == nil)
  }

  @Test func `an instance that is not closed gives its numbers to no process`() throws {
    let gpu = try gpu(
      "<mig_devices><mig_device><gpu_instance_id>2</gpu_instance_id><compute_instance_id>0</compute_instance_id>"
        + "</mig_devices><processes><process_info><pid>8</pid></process_info></processes>")
    #expect(gpu.instances.isEmpty && gpu.processes.map(\.pid) == [8])
    #expect(gpu.processes.first?.instance == nil)
  }

  @Test func `leaves count only where they belong`() throws {
    let gpu = try gpu(
      "<other><process_info><pid>7</pid></process_info></other><mig_mode><pending_mig>Enabled</pending_mig></mig_mode>"
        + "<processes><process_info><pid>8</pid><more><pid>9</pid></more></process_info><pid>10</pid></processes>")
    #expect(gpu.processes.map(\.pid) == [8] && !gpu.isMIGEnabled && gpu.malformedRows == 0)
  }

  @Test func `of two leaves in one place the last one counts`() throws {
    let gpu = try gpu("<processes><process_info><pid>7</pid><pid>8</pid></process_info></processes>")
    #expect(gpu.processes.map(\.pid) == [8])
  }

  @Test(
    arguments: [
      ("Insufficient Permissions", .forbidden), ("Unknown Error", .instances),
    ] as [(String, GPU.UnreadableReason)])
  func `a refusal in place of the rows makes the GPU unreadable`(_ text: String, _ reason: GPU.UnreadableReason)
    throws
  {
    #expect(try gpu("<processes>\(text)</processes>").unreadableReason == reason)
    #expect(try gpu("<mig_devices> \(text)\t</mig_devices>").unreadableReason == reason)
    #expect(try gpu("<remapped_rows>\(text)</remapped_rows>").unreadableReason == nil)
  }

  @Test func `a missing permission is the reason, wherever it stands`() throws {
    let (forbidden, unknown) = (
      "<processes>Insufficient Permissions</processes>", "<mig_devices>GPU is lost</mig_devices>"
    )
    #expect(try gpu(forbidden + unknown).unreadableReason == .forbidden)
    #expect(try gpu(unknown + forbidden).unreadableReason == .forbidden)
  }

  @Test(arguments: ["None", "", "N/A"]) func `no instances is no refusal`(_ text: String) throws {
    let gpu = try gpu("<mig_devices>\(text)</mig_devices><processes></processes>")
    #expect(gpu.unreadableReason == nil && gpu.instances.isEmpty)
  }

  @Test func `an instance without its numbers makes the GPU unreadable`() throws {
    let gpu = try gpu("<mig_devices><mig_device><index>0</index></mig_device></mig_devices>")
    #expect(gpu.unreadableReason == .instances && gpu.malformedRows == 1 && gpu.instances.isEmpty)
  }

  @Test func `a UUID that two GPUs claim is neither's`() {
    let one = "<gpu><uuid>GPU-1</uuid></gpu>"
    let document = MIGDocument(octets("<log>\(one)\(one)<gpu><uuid>GPU-2</uuid></gpu></log>"))
    #expect(document.gpu(uuid: "GPU-1") == nil && document.gpu(uuid: "GPU-2") != nil)
    #expect(document.gpus.count == 3)
  }
}
