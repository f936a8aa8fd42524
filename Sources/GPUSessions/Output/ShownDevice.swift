/// One device as `show` lists it: a whole GPU, a MIG compute instance, or a physical GPU that could not be read.
struct ShownDevice {
  /// Whether a session runs on the device.
  enum Status: String {
    case active, idle, unreadable
  }

  /// The `gpu` label; `nil` for a GPU of which only the bus ID is known.
  var gpu: String?
  /// `nil` for a GPU of which only the bus ID is known.
  var device: Device?
  /// The UUID of the GPU or of the MIG instance; `nil` if it is not known.
  var uuid: String?
  /// The name of the GPU's product.
  var name: String?
  /// The UUID of the physical GPU.
  var gpuUUID: String?
  /// The PCI bus ID of the physical GPU.
  var busID: String
  /// The MIG profile; `nil` for a GPU, and if it is not known.
  var profile: String?
  /// The memory of the GPU, or of the GPU instance, which its compute instances share.
  var memoryTotalBytes: UInt64?
  var memoryUsedBytes: UInt64?
  /// In percent; `nil` for a MIG instance, and if the driver reports none.
  var utilization: Double?
  /// How many sessions run on the device; `nil` if it could not be read.
  var sessions: Int?

  var status: Status {
    guard let sessions else { return .unreadable }
    return sessions > 0 ? .active : .idle
  }
}

/// Returns all devices of the node by GPU index and instance, those without an index last.
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
  // GPUs without an index come last. `sorted` does not promise to keep the order of equal devices, so their offsets decide.
  return devices.enumerated().sorted { left, right in
    if left.element.device == right.element.device { return left.offset < right.offset }
    guard let leftDevice = left.element.device else { return false }
    guard let rightDevice = right.element.device else { return true }
    return leftDevice < rightDevice
  }.map(\.element)
}

extension ShownDevice {
  /// A physical GPU; `sessions` is `nil` if it could not be read.
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
