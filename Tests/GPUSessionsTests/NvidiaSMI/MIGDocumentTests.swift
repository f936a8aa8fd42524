import GPUSessions
import Testing

@Suite struct MIGDocumentTests {
  private func document(_ pathBelowRepository: String) throws -> MIGDocument {
    let bytes = readBytes(pathBelowRepository)
    try #require(!bytes.isEmpty, "\(pathBelowRepository) cannot be read")
    return MIGDocument(bytes)
  }

  private func node(_ name: String) throws -> MIGDocument {
    try document("Fixtures/nodes/\(name)/nvidia-smi/query-xml.stdout")
  }

  private func id(_ gpuInstance: Int, _ computeInstance: Int) -> InstanceID {
    InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance)
  }

  @Test func `the H100 of driver 590 has four instances and all processes on the first`() throws {
    let document = try document("Tests/Captures/h100-mig-590/q.derived.xml")
    #expect(document.gpus.count == 1)
    let gpu = try #require(document.gpu(uuid: "GPU-00000000-0000-0000-0000-000000000000"))
    #expect(gpu.isMIGEnabled && gpu.unreadableReason == nil && gpu.malformedRows == 0)
    #expect(gpu.instances.map(\.deviceIndex) == [0, 1, 2, 3])
    #expect(gpu.instances.map(\.id) == [id(2, 0), id(3, 0), id(9, 0), id(10, 0)])
    #expect(gpu.instances.map(\.memoryTotalBytes) == [40448, 20096, 9984, 9984].map { $0 << 20 })
    #expect(gpu.instances.map(\.memoryUsedBytes) == [11091, 17, 9, 9].map { $0 << 20 })
    #expect(gpu.processes.map(\.pid) == [21180, 21181, 21198])
    #expect(gpu.processes.allSatisfy { $0.instance == id(2, 0) && $0.type == "C" })
    #expect(gpu.processes.map(\.memoryBytes) == [2296, 1272, 7484].map { $0 << 20 })
    #expect(gpu.processes.last?.name == octets("./gpu_burn"))
  }

  @Test func `two compute instances of one GPU instance are told apart`() throws {
    let document = try node("h100-mig-mixed")
    #expect(document.gpus.map(\.isMIGEnabled) == [true, false])
    let mig = try #require(document.gpu(uuid: "GPU-6bdf589d-3a06-d30c-d28f-7092407cd084"))
    #expect(mig.instances.map(\.id) == [id(2, 0), id(2, 1), id(3, 0), id(9, 0)])
    #expect(mig.instances.map(\.memoryUsedBytes) == [11078, 11078, 5137, 9].map { $0 << 20 })
    #expect(mig.processes.map(\.pid) == [21180, 21181, 21198, 20877])
    #expect(mig.processes.map(\.instance) == [id(2, 0), id(2, 0), id(2, 1), id(3, 0)])
    let whole = try #require(document.gpu(uuid: "GPU-a305016d-6c4b-6313-7135-9081bf97b333"))
    #expect(whole.instances.isEmpty && whole.unreadableReason == nil)
    #expect(whole.processes.map(\.pid) == [30410] && whole.processes.first?.instance == nil)
  }

  @Test func `without the permission the GPU under MIG is forbidden, its neighbour not`() throws {
    let document = try node("mig-no-permission")
    let mig = try #require(document.gpu(uuid: "GPU-d48a3eeb-c1b4-78f7-0b91-e87f5768f97c"))
    #expect(mig.isMIGEnabled && mig.unreadableReason == .forbidden && mig.processes.isEmpty)
    #expect(mig.instances.map(\.id) == [id(7, 0), id(8, 0), id(9, 0)])
    #expect(mig.instances.allSatisfy { $0.memoryTotalBytes == nil && $0.memoryUsedBytes == nil })
    let whole = try #require(document.gpu(uuid: "GPU-cff6c705-bc7e-4ed7-4fda-e66d079bfc32"))
    #expect(whole.unreadableReason == nil && whole.processes.map(\.pid) == [7781])
  }

  @Test func `MIG without an instance is empty and not forbidden`() throws {
    let gpu = try #require(try node("mig-empty").gpu(uuid: "GPU-b88843bb-bb3c-d1a0-a914-d0a859777531"))
    #expect(gpu.isMIGEnabled && gpu.instances.isEmpty && gpu.processes.isEmpty && gpu.unreadableReason == nil)
    #expect(gpu.malformedRows == 0)
  }

  @Test func `an instance is there once, and what says otherwise is counted`() {
    func instance(_ index: Int) -> String {
      "<mig_device><index>\(index)</index><gpu_instance_id>2</gpu_instance_id><compute_instance_id>0"
        + "</compute_instance_id></mig_device>"
    }
    func gpu(_ instances: String) -> MIGDocument.GPU? {
      MIGDocument(octets("<log><gpu><mig_devices>\(instances)</mig_devices></gpu></log>")).gpus.first
    }
    let twice = gpu(instance(0) + instance(0))
    #expect(twice?.instances.map(\.deviceIndex) == [0] && twice?.malformedRows == 0)
    let forged = gpu(instance(0) + instance(1))
    #expect(forged?.instances.map(\.deviceIndex) == [0] && forged?.malformedRows == 1)
  }

  @Test func `a cut document loses its last GPU only`() throws {
    let bytes = readBytes("Fixtures/nodes/h100-mig-mixed/nvidia-smi/query-xml.stdout")
    let whole = MIGDocument(bytes).gpus
    let ends = closersOfGPU(bytes)
    let firstEnd = try #require(ends.first)
    #expect(whole.count == ends.count)
    for length in stride(from: 0, through: bytes.count, by: 211) {
      let gpus = MIGDocument(Array(bytes[..<length])).gpus
      #expect(gpus.count == ends.filter { $0 <= length }.count, "cut at \(length)")
      for (cut, gpu) in zip(gpus, whole) {
        #expect(cut.uuid == gpu.uuid && cut.instances == gpu.instances && cut.processes == gpu.processes)
      }
    }
    #expect(MIGDocument(Array(bytes[..<(firstEnd - 1)])).gpus.isEmpty)
    #expect(MIGDocument(Array(bytes[..<firstEnd])).gpus.first?.processes.count == 4)
  }

  /// Offsets right after each `</gpu>`.
  private func closersOfGPU(_ bytes: [UInt8]) -> [Int] {
    let closer = octets("</gpu>")
    return bytes.indices.filter { bytes[$0...].starts(with: closer) }.map { $0 + closer.count }
  }
}
