/// What the samples of one node say, as they come. ``NodeSamples/outcome`` makes values of a collection of it.
///
/// A class: each sample of a page changes one node in place. Where two samples say the same, the later one counts.
final class NodeSamples {
  /// A process on a device.
  struct ProcessKey: Hashable {
    var device: Device
    var pid: Int32
  }

  /// What the families of processes say of one process.
  struct Process {
    /// The labels of its `gpu_process_info`; `nil` until that sample has come.
    var labels: PublishedLabels?
    var memoryBytes: UInt64?
    var utilization = ProcessUtilization()
    var startTimeSeconds: Double?
    var defunct: Session.Defunct?
  }

  /// A GPU instance, whose memory its compute instances share.
  struct GPUInstanceKey: Hashable {
    var gpuUUID: String
    var gpuInstance: Int
  }

  /// The memory of a GPU instance.
  struct Memory {
    var totalBytes: UInt64?
    var usedBytes: UInt64?
  }

  /// A sample of `gpu_device_readable`.
  struct Readability {
    var index: Int?
    var uuid: String
    var busID: String
    var isReadable: Bool
  }

  var gpus: [Int: GPU] = [:]
  var readability: [Readability] = []
  var instances: [Device: MIGInstance] = [:]
  var instanceMemory: [GPUInstanceKey: Memory] = [:]
  var processes: [ProcessKey: Process] = [:]
  /// How many sessions each device has by `gpu_session_count`.
  var counts: [Device: Double] = [:]
  /// The devices that have an idle row, with their UUIDs.
  var idle: [Device: String] = [:]
  var allocations: [PublishedSample] = []
  var run = RunSamples()
  /// Labels that the target has and that have the name of one of ours, with their values.
  private(set) var targetLabels: [String: Set<String>] = [:]
  /// The newest timestamp, seconds since 1970; `nil` if no sample has one.
  private(set) var newest: Double?
  /// Whether a sample is of a family whose name no other exporter has.
  private(set) var isOurs = false

  /// The most physical GPUs, and the most MIG instances, of a node.
  static let deviceLimit = 1_024

  /// Takes a sample of the family. Returns `false` if it does not say what a sample of the family has to.
  func take(_ sample: PublishedSample, _ name: String, _ family: PublishedFamily) -> Bool {
    if family.isOnlyOurs { isOurs = true }
    if let timestamp = sample.timestamp { newest = max(newest ?? timestamp, timestamp) }
    let isIdle = name == "gpu_process_info" && sample.labels["status"] == "idle"
    for label in sample.labels.all
    where !label.isRenamed && !(isIdle ? idleLabels : family.labels).contains(label.name) && !label.value.isEmpty {
      targetLabels[label.name, default: []].insert(label.value)
    }
    return family.take(sample, self)
  }

  /// Changes the GPU with this index. Returns `false` if there are too many.
  func changeGPU(_ index: Int, _ change: (inout GPU) -> Void) -> Bool {
    if gpus[index] == nil, gpus.count == NodeSamples.deviceLimit { return false }
    change(&gpus[index, default: NodeSamples.unnamed(index)])
    return true
  }

  /// A GPU of which only the index is known so far.
  static func unnamed(_ index: Int) -> GPU {
    GPU(index: index, uuid: "", busID: "", name: "", driverVersion: "", migMode: .unsupported)
  }

  /// Notes that the node has this device, and its UUID. Returns `false` if there are too many.
  func note(_ device: Device, uuid: String = "") -> Bool {
    guard let instance = device.instance else {
      return changeGPU(device.gpu) { if $0.uuid.isEmpty { $0.uuid = uuid } }
    }
    if instances[device] == nil {
      if instances.count == NodeSamples.deviceLimit { return false }
      instances[device] = MIGInstance(
        device: device, gpuUUID: "", gpuInstanceID: instance.gpuInstance,
        computeInstanceID: instance.computeInstance, deviceIndex: 0)
    }
    if !uuid.isEmpty { instances[device]?.uuid = uuid }
    return changeGPU(device.gpu) { $0.migMode = .enabled }
  }
}

/// The labels of the row of an idle device that have a value.
private let idleLabels: Set<String> = ["gpu", "status", "gpu_memory", "uuid"]
