/// One device as `show` lists it: a whole GPU, a MIG compute instance, or a physical GPU that could not be read.
struct ShownDevice {
  /// Whether somebody is on it.
  enum Status: String {
    case active, idle, unreadable
  }

  /// `nil` for a GPU of which only the bus ID is known.
  var gpu: String?
  var device: Device?
  var uuid: String?
  /// The product's name.
  var name: String?
  /// UUID of the physical GPU.
  var gpuUUID: String?
  var busID: String
  var profile: String?
  /// Of a MIG compute instance: its GPU instance's, shared by the compute instances there.
  var memoryTotalBytes: UInt64?
  var memoryUsedBytes: UInt64?
  var utilization: Double?
  /// `nil` for one that could not be read.
  var sessions: Int?

  var status: Status {
    guard let sessions else { return .unreadable }
    return sessions > 0 ? .active : .idle
  }
}

/// All devices of a run, in the order of their labels; none of a failed run, which has no data.
func shownDevices(_ node: NodeState) -> [ShownDevice] {
  let counts = node.sessionCounts
  var devices: [ShownDevice] = []
  for gpu in node.inventory.gpus {
    guard gpu.isReadable, gpu.migMode == .enabled else {
      devices.append(ShownDevice(gpu, sessions: gpu.isReadable ? counts[Device(gpu: gpu.index)] ?? 0 : nil))
      continue
    }
    for instance in node.inventory.instances where instance.gpuUUID == gpu.uuid {
      devices.append(ShownDevice(instance, of: gpu, sessions: counts[instance.device] ?? 0))
    }
  }
  devices += node.inventory.lostGPUs.map(ShownDevice.init)
  return devices.enumerated().sorted { left, right in
    guard let leftDevice = left.element.device else { return false }
    guard let rightDevice = right.element.device else { return true }
    return leftDevice == rightDevice ? left.offset < right.offset : leftDevice < rightDevice
  }.map(\.element)
}

extension ShownDevice {
  /// A physical GPU; without sessions one that could not be read.
  init(_ gpu: GPU, sessions: Int?) {
    self.init(
      gpu: "\(gpu.index)", device: Device(gpu: gpu.index), uuid: gpu.uuid, name: gpu.name, gpuUUID: gpu.uuid,
      busID: gpu.busID, memoryTotalBytes: gpu.memoryTotalBytes, memoryUsedBytes: gpu.memoryUsedBytes,
      utilization: gpu.utilization, sessions: sessions)
  }

  fileprivate init(_ instance: MIGInstance, of gpu: GPU, sessions: Int) {
    self.init(
      gpu: instance.device.label, device: instance.device, uuid: instance.uuid, name: gpu.name, gpuUUID: gpu.uuid,
      busID: gpu.busID, profile: instance.profile?.name, memoryTotalBytes: instance.memoryTotalBytes,
      memoryUsedBytes: instance.memoryUsedBytes, sessions: sessions)
  }

  fileprivate init(_ lost: LostGPU) {
    self.init(
      gpu: lost.index.map { "\($0)" }, device: lost.index.map { Device(gpu: $0) }, busID: lost.busID)
  }
}
