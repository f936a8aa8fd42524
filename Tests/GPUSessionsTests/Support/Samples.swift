import Testing

@testable import GPUSessions

/// A run put together by hand: what was read, how it went, and the failure that makes it a failed one.
struct SketchedRun {
  var gpus: [GPU] = []
  var lostGPUs: [LostGPU] = []
  var instances: [MIGInstance] = []
  var sessions: [Session] = []
  var problems = ProblemCounts()
  var stages: [StageResult] = []
  var started: Nanoseconds = 0
  var failure: CollectionFailure?

  var inventory: Inventory { Inventory(gpus: gpus, lostGPUs: lostGPUs, instances: instances) }

  var outcome: Outcome {
    var report = RunReport(started: started)
    report.problems = problems
    report.stages = stages
    report.inventory = inventory
    if let failure { return .failed(failure, report) }
    return .collected(NodeState(inventory: inventory, sessions: sessions), report)
  }
}

/// The sample lines of one family of a run.
func samples(_ name: String, _ run: SketchedRun, _ options: Options = Options()) -> [String] {
  exposition(run.outcome, options).lines().map(\.text).filter {
    $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ")
  }
}

/// A MIG compute instance of GPU `gpu`, `GPU-<gpu>`.
func instance(
  _ gpu: Int, _ gi: Int, _ ci: Int, _ profile: String?, index: Int = 0, total: UInt64? = nil,
  used: UInt64? = nil
) -> MIGInstance {
  MIGInstance(
    device: Device(gpu: gpu, instance: InstanceID(gpuInstance: gi, computeInstance: ci)),
    gpuUUID: "GPU-\(gpu)",
    gpuInstanceID: gi, computeInstanceID: ci, deviceIndex: index,
    uuid: profile.map { _ in "MIG-\(gi)-\(ci)" },
    profile: profile.flatMap { MIGProfile(octets($0)[...]) }, memoryTotalBytes: total, memoryUsedBytes: used)
}

func session(
  _ device: Device, _ pid: Int32, _ command: String, status: Session.Status = .active, memory: UInt64? = nil,
  total: UInt64? = nil, owner: Owner = .unknown, user: String? = nil, defunct: Session.Defunct? = nil
) -> Session {
  Session(
    device: device, deviceUUID: nil, pid: pid, command: command, type: nil, status: status,
    memoryBytes: memory,
    deviceMemoryBytes: total, utilization: ProcessUtilization(), startTimeSeconds: nil, owner: owner,
    user: user, defunct: defunct)
}

/// GPUs as `--query-gpu` lists them: index, name and MIG mode of each.
func gpus(_ list: (index: Int, name: String, mig: String)...) throws -> [GPU] {
  let rows = list.map {
    "\($0.index), GPU-\($0.index), 00000000:0\($0.index):00.0, \($0.name), 590.48.01, \($0.mig)\n"
  }
  let header = "index, uuid, pci.bus_id, name, driver_version, mig.mode.current\n"
  return try #require(GPUList(octets(header + rows.joined()), complaints: [])).gpus
}
