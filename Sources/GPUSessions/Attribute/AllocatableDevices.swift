/// The devices of this node by the names that plugins and drivers give them.
struct AllocatableDevices {
  /// One device with the UUID that labels it.
  struct Named: Hashable {
    var device: Device
    var uuid: String?
  }

  private var wholeGPUs: [String: Named] = [:]
  private var instances: [MIGInstance]
  private var instancesByUUID: [String: Named] = [:]
  /// UUIDs of GPUs by the number of `/dev/nvidiaN`, read at first use.
  private lazy var minors = readMinors()
  private let host: Host
  private let directory: String

  init(_ snapshot: Snapshot, _ host: Host, _ options: Options) {
    self.host = host
    directory = options.proc + "/driver/nvidia/gpus"
    instances = snapshot.instances
    // With MIG on nothing runs on the GPU as a whole.
    for gpu in snapshot.gpus where gpu.migMode != .enabled {
      wholeGPUs[gpu.uuid] = Named(device: Device(gpu: gpu.index), uuid: gpu.uuid)
    }
    for instance in instances {
      if let uuid = instance.uuid { instancesByUUID[uuid] = Named(device: instance.device, uuid: uuid) }
    }
  }

  /// The device that the ID means; `nil` where this node has none.
  mutating func device(_ id: AllocatedDeviceID) -> Named? {
    switch id {
    case .unrecognized: return nil
    case .uuid(let uuid): return wholeGPUs[uuid] ?? instancesByUUID[uuid]
    case .instance(let gpuUUID, let id): return only { $0.gpuUUID == gpuUUID && $0.device.instance == id }
    case .minor(let minor, let gpuInstance):
      guard let uuid = minors[minor] ?? nil else { return nil }
      guard let gpuInstance else { return wholeGPUs[uuid] }
      return only { $0.gpuUUID == uuid && $0.gpuInstanceID == gpuInstance }
    }
  }

  private func only(_ isMeant: (MIGInstance) -> Bool) -> Named? {
    let found = instances.filter(isMeant)
    guard found.count == 1, let instance = found.first else { return nil }
    return Named(device: instance.device, uuid: instance.uuid)
  }

  /// A number that two GPUs claim is nobody's: `.some(nil)`.
  private func readMinors() -> [Int: String?] {
    guard case .entries(let names) = host.listDirectory(directory) else { return [:] }
    var minors: [Int: String?] = [:]
    for name in names {
      let path = directory + "/" + name[...].text + "/information"
      guard case .bytes(let bytes) = host.readFile(path, 65_536), let read = DriverInformation(bytes) else {
        continue
      }
      minors[read.minor] = .some(minors[read.minor] == nil ? read.uuid : nil)
    }
    return minors
  }
}
