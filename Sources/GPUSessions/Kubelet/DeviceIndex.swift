/// The devices of this node by the names that plugins and drivers give them.
struct DeviceIndex {
  /// One device with the UUID that labels it.
  struct Named: Equatable {
    var device: Device
    var uuid: String?
  }

  /// Whole GPUs, then instances; a position in it stands for the device.
  let all: [Named]
  private var byUUID = PositionsByUUID()
  private let firstInstance: Int
  private let instances: [MIGInstance]
  /// UUIDs of GPUs by the number of `/dev/nvidiaN`, read at first use.
  private lazy var minors = readMinors()
  private let host: Host
  private let directory: String

  init(_ snapshot: Snapshot, _ host: Host, _ options: Options) {
    self.host = host
    directory = options.proc + "/driver/nvidia/gpus"
    instances = snapshot.instances
    // With MIG on nothing runs on the GPU as a whole.
    let wholeGPUs = snapshot.gpus.filter { $0.migMode != .enabled }
    firstInstance = wholeGPUs.count
    all =
      wholeGPUs.map { Named(device: Device(gpu: $0.index), uuid: $0.uuid) }
      + instances.map { Named(device: $0.device, uuid: $0.uuid) }
    for named in all { byUUID.append(named.uuid) }
  }

  /// Position of the device that the ID means; `nil` where this node has none.
  mutating func position(_ id: PluginDeviceID) -> Int? {
    switch id {
    case .unrecognized: return nil
    case .uuid(let uuid): return byUUID.position(uuid)
    case .instance(let gpuUUID, let id): return only { gpuUUID.equals($0.gpuUUID) && $0.device.instance == id }
    case .minor(let minor, let gpuInstance):
      guard let uuid = minors[minor] ?? nil else { return nil }
      if let gpuInstance { return only { $0.gpuUUID == uuid && $0.gpuInstanceID == gpuInstance } }
      return byUUID.position(Array(uuid.utf8)[...]).flatMap { $0 < firstInstance ? $0 : nil }
    }
  }

  private func only(_ isMeant: (MIGInstance) -> Bool) -> Int? {
    let found = instances.indices.filter { isMeant(instances[$0]) }
    guard found.count == 1, let position = found.first else { return nil }
    return firstInstance + position
  }

  /// A number that two GPUs claim is nobody's: `.some(nil)`.
  private func readMinors() -> [Int: String?] {
    guard case .entries(let names) = host.listDirectory(directory) else { return [:] }
    var minors: [Int: String?] = [:]
    for name in names {
      let path = directory + "/" + name.text + "/information"
      guard case .bytes(let bytes) = host.readFile(path, 65_536), let read = DriverInformation(bytes) else {
        continue
      }
      minors[read.minor] = .some(minors[read.minor] == nil ? read.uuid : nil)
    }
    return minors
  }
}

/// Positions of UUIDs, of which a node has some dozens: a look at the digits at their ends tells nearly all apart.
private struct PositionsByUUID {
  private var uuids: [[UInt8]] = []
  private var keys: [UInt64] = []

  mutating func append(_ uuid: String?) {
    let bytes = Array((uuid ?? "").utf8)
    uuids.append(bytes)
    keys.append(key(bytes.span))
  }

  /// The first of several.
  func position(_ uuid: ArraySlice<UInt8>) -> Int? {
    let wanted = key(uuid.span)
    for position in keys.indices where keys[position] == wanted {
      if !uuids[position].isEmpty, uuids[position][...].isSame(as: uuid) { return position }
    }
    return nil
  }

  private func key(_ uuid: borrowing Span<UInt8>) -> UInt64 {
    uuid.count < 8 ? 0 : uuid.eight(at: uuid.count - 8)
  }
}
