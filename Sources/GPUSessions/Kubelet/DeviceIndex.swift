/// Finds the device of this node that the ID of a plugin or driver names.
struct DeviceIndex {
  /// The devices on which processes can run, sorted.
  let devices: [Inventory.NamedDevice]
  /// The UUIDs of ``devices``, empty where none is known. A node has so few that they are looked through.
  private let uuids: [[UInt8]]
  /// The UUIDs of the integrated GPUs.
  private let integratedUUIDs: [[UInt8]]
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
    uuids = devices.map { Array(($0.uuid ?? "").utf8) }
    integratedUUIDs = inventory.gpus.filter(\.isIntegrated).map { Array($0.uuid.utf8) }
  }

  /// The index in ``devices`` of the device that the ID names; `nil` if this node has none.
  mutating func index(of id: PluginDeviceID) -> Int? {
    switch id {
    case .unrecognized: nil
    case .uuid(let uuid): index(ofUUID: uuid.span)
    case .instance(let gpuUUID, let id): onlyInstance { $0.gpuUUID == gpuUUID && $0.device.instance == id }
    case .minor(let minor, let gpuInstance):
      if let uuid = uuidByMinor[minor] {
        if let gpuInstance {
          onlyInstance { $0.gpuUUID == uuid && $0.gpuInstanceID == gpuInstance }
        } else {
          index(ofUUID: uuid.utf8Span.span).flatMap { devices[$0].device.instance == nil ? $0 : nil }
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
    if integratedUUIDs.isEmpty { return nil }
    let device = id.prefix { $0 != UInt8(ascii: ":") }
    let named = device.equals("tegra") ? integratedUUIDs : integratedUUIDs.filter { device.elementsEqual($0) }
    return named.count == 1 ? .uuid(named[0][...]) : nil
  }

  /// The index of the first device with this UUID.
  private func index(ofUUID uuid: Span<UInt8>) -> Int? {
    if uuid.isEmpty { return nil }
    let uuids = uuids.span
    for index in uuids.indices where uuids[index].span.equals(uuid) { return index }
    return nil
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
