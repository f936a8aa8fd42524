/// The GPUs and MIG instances of the node, as far as nvidia-smi told.
package struct Inventory: Sendable, Equatable {
  /// The GPUs that have a row in the GPU list, sorted by index.
  package var gpus: [GPU] = []
  /// The GPUs that nvidia-smi only complains about.
  package var lostGPUs: [LostGPU] = []
  /// The MIG compute instances, sorted by device. Instances of a GPU that could not be read are not among them.
  package var instances: [MIGInstance] = []

  package init() {}

  package init(gpus: [GPU], lostGPUs: [LostGPU], instances: [MIGInstance] = []) {
    self.gpus = gpus
    self.lostGPUs = lostGPUs
    self.instances = instances
  }

  /// A device and its UUID; the UUID of an instance is `nil` where `-L` does not tell it.
  package struct NamedDevice: Sendable, Equatable {
    package var device: Device
    package var uuid: String?
  }

  /// The devices on which processes can run, whether or not they were read: GPUs without MIG, then MIG compute instances.
  package var devices: [NamedDevice] {
    gpus.filter { $0.migMode != .enabled }.map { NamedDevice(device: Device(gpu: $0.index), uuid: $0.uuid) }
      + instances.map { NamedDevice(device: $0.device, uuid: $0.uuid) }
  }

  /// The devices that were read, sorted.
  package var readDevices: [NamedDevice] {
    let readable = Set(gpus.filter(\.isReadable).map(\.index))
    return devices.filter { readable.contains($0.device.gpu) }.sorted { $0.device < $1.device }
  }

  /// What nvidia-smi says about the first GPU that could not be read; `nil` if it says nothing about any.
  var complaint: String? {
    let complaints = gpus.filter { !$0.isReadable }.map(\.complaint) + lostGPUs.map(\.complaint)
    return complaints.compactMap(\.self).first
  }

  /// Whether nvidia-smi answered for every GPU and for the processes on it.
  package var isWhollyReadable: Bool { lostGPUs.isEmpty && gpus.allSatisfy(\.isReadable) }
}
