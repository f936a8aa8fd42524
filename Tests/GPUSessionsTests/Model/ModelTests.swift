import Testing

@testable import GPUSessions

@Suite struct ModelTests {
  private func device(_ gpu: Int, _ gi: Int? = nil, _ ci: Int = 0) -> Device {
    Device(gpu: gpu, instance: gi.map { InstanceID(gpuInstance: $0, computeInstance: ci) })
  }

  @Test func `a device is named by its GPU and both instances`() {
    #expect(device(0).label == "0")
    #expect(device(3, 11, 2).label == "3_11_2")
  }

  @Test func `devices sort by number, the whole GPU before its instances`() {
    let sorted = [
      device(0), device(1), device(1, 2, 1), device(1, 2, 10), device(1, 13, 0), device(2), device(10),
    ]
    #expect(sorted.reversed().sorted() == sorted)
    for device in sorted { #expect(!(device < device)) }
  }

  @Test func `problems are counted by kind`() {
    var counts = ProblemCounts()
    counts.add(.processGone)
    counts.add(.processGone, 2)
    counts.add(.pidReused, 0)
    #expect(counts[.processGone] == 3 && counts[.pidReused] == 0 && counts[.migUnplaced] == 0)
  }

  @Test func `kinds of problems are plain and have a meaning each`() {
    #expect(Set(Problem.allCases.map(\.meaning)).count == Problem.allCases.count)
    for problem in Problem.allCases {
      #expect(problem.rawValue.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }, "\(problem)")
      #expect(!problem.meaning.isEmpty && problem.meaning.last != ".", "\(problem)")
    }
  }

  @Test(arguments: CollectionFailure.oneOfEach)
  func `a failure is one sentence without its stop`(_ failure: CollectionFailure) {
    let sentence = failure.sentence
    #expect(!sentence.isEmpty && sentence.utf8.last != UInt8(ascii: "."))
    #expect(!sentence.utf8.contains(UInt8(ascii: "\n")))
    #expect(failure.sentence(reason: "why") == "\(failure.fact); nvidia-smi says \"why\" (\(failure.remedy))")
  }

  @Test func `a failure says what it knows`() {
    #expect(CollectionFailure.nvidiaSMINotExecutable("/opt/smi").sentence.contains("/opt/smi"))
    #expect(CollectionFailure.notStarted("/opt/smi", errno: 13).sentence.contains("permission denied"))
    #expect(CollectionFailure.crashed(signal: 11).sentence.contains("11"))
    #expect(CollectionFailure.notAList(what: "GPU list", exit: 3).sentence.contains("GPU list"))
  }

  @Test func `a run is complete only when nothing was lost`() throws {
    var whole = SketchedRun()
    whole.gpus = try #require(GPUList(answer("index, uuid", "0, GPU-0", "1, GPU-1"), complaints: [])).gpus
    #expect(whole.outcome.isComplete)
    var lost = whole
    lost.lostGPUs = [LostGPU(index: 2, busID: "")]
    var unreadable = whole
    unreadable.gpus[1].unreadableReason = .unknown
    var failed = SketchedRun()
    failed.failure = .noDevices
    for run in [lost, unreadable, failed] { #expect(!run.outcome.isComplete) }
  }

  @Test(arguments: [
    Problem.deviceRowMalformed, .processRowMalformed, .processRowUnknownGPU, .migUnplaced,
  ])
  func `a lost row makes a run incomplete`(_ problem: Problem) {
    var run = SketchedRun()
    run.problems.add(problem)
    #expect(!run.outcome.isComplete)
  }

  @Test(arguments: [Problem.processGone, .podNameUnknown, .fieldUnsupported, .pidReused])
  func `what costs no device and no process leaves it complete`(_ problem: Problem) {
    var run = SketchedRun()
    run.problems.add(problem)
    #expect(run.outcome.isComplete)
  }

  @Test func `devices that were read are whole GPUs without MIG and instances`() throws {
    var run = SketchedRun()
    run.gpus = try #require(
      GPUList(
        answer(
          "index, uuid, mig.mode.current", "0, GPU-0, Enabled", "1, GPU-1, Disabled", "2, GPU-2, [N/A]",
          "3, GPU-3, Disabled"),
        complaints: [.lostGPU(LostGPU(index: 3, busID: ""))])
    ).gpus
    run.instances = [
      MIGInstance(
        device: device(0, 7), gpuUUID: "GPU-0", gpuInstanceID: 7, computeInstanceID: 0, deviceIndex: 0,
        uuid: "MIG-7")
    ]
    #expect(run.inventory.readDevices.map(\.device) == [device(0, 7), device(1), device(2)])
    #expect(run.inventory.readDevices.map(\.uuid) == ["MIG-7", "GPU-1", "GPU-2"])
  }

  @Test func statesThatAreDefunct() {
    let reasons = (0...UInt8.max).compactMap { Session.Defunct(state: $0) }
    #expect(reasons.count == 4)
    #expect(Session.Defunct(state: UInt8(ascii: "Z")) == .zombie)
    #expect(Session.Defunct(state: UInt8(ascii: "D")) == .uninterruptible)
    #expect(Session.Defunct(state: UInt8(ascii: "I")) == nil)
  }
}
