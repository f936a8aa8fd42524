/// One device as `show` lists it: a whole GPU, a MIG compute instance, or a physical GPU that could not be read.
struct ShownDevice {
  /// Whether a session runs on the device.
  enum Status: String {
    case active, idle, unreadable
    /// No session is known, and it is not known either that the device is idle.
    case unknown
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
  /// In percent; `nil` if the driver reports none. A MIG instance has one only with `--mig-utilization`.
  var utilization: Double?
  /// Without a figure for a GPU.
  var instanceUtilization = InstanceUtilization()
  /// Of the physical GPU, as ``GPU/computeMode``.
  var computeMode: String?
  /// Of the physical GPU, as ``GPU/recoveryAction``.
  var recoveryAction: String?
  /// Of the physical GPU, as ``GPU/areClocksIdle``.
  var areClocksIdle: Bool?
  /// How many sessions run on the device; `nil` if that is not known.
  var sessions: Int?
  var status: Status
}

/// Returns all devices of the node by GPU index and instance, those without an index last.
func shownDevices(_ node: NodeState) -> [ShownDevice] {
  let counts = node.sessionCounts
  var devices: [ShownDevice] = []
  func add(_ device: ShownDevice, _ key: Device) {
    var device = device
    device.sessions = counts[key] ?? (node.hasNoOtherSession(on: key) ? 0 : nil)
    device.status = counts[key] != nil ? .active : node.isIdle(withoutSession: key) ? .idle : .unknown
    devices.append(device)
  }
  for gpu in node.inventory.gpus {
    if !gpu.isReadable {
      devices.append(ShownDevice(gpu))
    } else if gpu.migMode == .enabled {
      for instance in node.inventory.instances where instance.device.gpu == gpu.index {
        add(ShownDevice(instance, of: gpu), instance.device)
      }
    } else {
      add(ShownDevice(gpu), Device(gpu: gpu.index))
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
  /// A physical GPU.
  init(_ gpu: GPU) {
    self.init(
      gpu: "\(gpu.index)", device: Device(gpu: gpu.index), uuid: gpu.uuid, name: gpu.name, gpuUUID: gpu.uuid,
      busID: gpu.busID, memoryTotalBytes: gpu.memoryTotalBytes, memoryUsedBytes: gpu.memoryUsedBytes,
      utilization: gpu.utilization, computeMode: gpu.computeMode, recoveryAction: gpu.recoveryAction,
      areClocksIdle: gpu.areClocksIdle, status: .unreadable)
  }

  fileprivate init(_ instance: MIGInstance, of gpu: GPU) {
    self.init(
      gpu: instance.device.label, device: instance.device, uuid: instance.uuid, name: gpu.name, gpuUUID: gpu.uuid,
      busID: gpu.busID, profile: instance.profile?.name, memoryTotalBytes: instance.memoryTotalBytes,
      memoryUsedBytes: instance.memoryUsedBytes, utilization: instance.utilization.engine,
      instanceUtilization: instance.utilization, computeMode: gpu.computeMode, recoveryAction: gpu.recoveryAction,
      areClocksIdle: gpu.areClocksIdle, status: .unknown)
  }

  fileprivate init(_ lost: LostGPU) {
    self.init(
      gpu: lost.index.map { "\($0)" }, device: lost.index.map { Device(gpu: $0) }, busID: lost.busID,
      status: .unreadable)
  }
}
