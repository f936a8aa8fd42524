/// Finds the device of this node that the ID of a plugin or driver names.
struct DeviceIndex {
  /// The devices on which processes can run, sorted.
  let devices: [Inventory.NamedDevice]
  /// Indices of ``devices``.
  private let indexByUUID: [String: Int]
  private let instances: [MIGInstance]
  private let host: Host
  private let directory: String
  /// The UUIDs of GPUs by the N of `/dev/nvidiaN`; read when the first such number is looked for.
  private lazy var uuidByMinor = readMinors()

  init(_ inventory: Inventory, _ host: Host, _ options: Options) {
    self.host = host
    directory = options.proc + "/driver/nvidia/gpus"
    instances = inventory.instances
    devices = inventory.devices.sorted { $0.device < $1.device }
    var indexByUUID: [String: Int] = [:]
    indexByUUID.reserveCapacity(devices.count)
    for (index, device) in devices.enumerated() {
      if let uuid = device.uuid, !uuid.isEmpty, indexByUUID[uuid] == nil { indexByUUID[uuid] = index }
    }
    self.indexByUUID = indexByUUID
  }

  /// The index in ``devices`` of the device that the ID names; `nil` if this node has none.
  mutating func index(of id: PluginDeviceID) -> Int? {
    switch id {
    case .unrecognized: nil
    case .uuid(let uuid): indexByUUID[uuid]
    case .instance(let gpuUUID, let id): onlyInstance { $0.gpuUUID == gpuUUID && $0.device.instance == id }
    case .minor(let minor, let gpuInstance):
      if let uuid = uuidByMinor[minor] {
        if let gpuInstance {
          onlyInstance { $0.gpuUUID == uuid && $0.gpuInstanceID == gpuInstance }
        } else {
          indexByUUID[uuid].flatMap { devices[$0].device.instance == nil ? $0 : nil }
        }
      } else {
        nil
      }
    }
  }

  /// The integrated GPU that the ID of a plugin names: by its UUID, which has no `GPU-`, or by `tegra` if there is only one.
  ///
  /// Source: k8s-device-plugin `internal/rm/tegra_devices.go`. Other plugins use such IDs too, so that one which names no
  /// GPU of this node is theirs: `nil`.
  func integrated(_ id: ArraySlice<UInt8>) -> PluginDeviceID? {
    let replica = id.text.split(separator: "::", maxSplits: 1).first.map(String.init) ?? ""
    let uuids = devices.compactMap(\.uuid).filter { isGPUUUID($0) && !$0.hasPrefix("GPU-") }
    if replica == "tegra" { return uuids.count == 1 ? .uuid(uuids[0]) : nil }
    return uuids.contains(replica) ? .uuid(replica) : nil
  }

  /// The instance that is meant; `nil` if none or several are.
  private func onlyInstance(_ isMeant: (MIGInstance) -> Bool) -> Int? {
    let found = instances.filter(isMeant)
    guard found.count == 1, let instance = found.first else { return nil }
    return devices.firstIndex { $0.device == instance.device && $0.uuid == instance.uuid }
  }

  /// Reads the driver's `information` of each GPU. A number that two GPUs claim is left out.
  private func readMinors() -> [Int: String] {
    guard case .entries(let names) = host.listDirectory(directory) else { return [:] }
    let read = names.compactMap { name in
      host.readFile(directory + "/" + name.text + "/information", 65_536).contents.flatMap { DriverInformation($0) }
    }
    return Dictionary(grouping: read, by: \.minor).compactMapValues { $0.count == 1 ? $0[0].uuid : nil }
  }
}
