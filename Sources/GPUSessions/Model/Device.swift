/// A device that processes run on: a whole GPU, or one MIG compute instance of a GPU.
package struct Device: Hashable, Sendable, Comparable {
  /// The index that nvidia-smi gives the physical GPU.
  package var gpu: Int
  /// The MIG compute instance; `nil` for a whole GPU.
  package var instance: InstanceID?

  package init(gpu: Int, instance: InstanceID? = nil) {
    self.gpu = gpu
    self.instance = instance
  }

  /// The `gpu` label: `0`, or `0_2_1` for a MIG compute instance.
  package var label: String {
    guard let instance else { return String(gpu) }
    return "\(gpu)_\(instance.gpuInstance)_\(instance.computeInstance)"
  }

  /// Sorts by GPU; a whole GPU comes before its instances.
  package static func < (left: Device, right: Device) -> Bool {
    if left.gpu != right.gpu { return left.gpu < right.gpu }
    guard let rightInstance = right.instance else { return false }
    guard let leftInstance = left.instance else { return true }
    return leftInstance < rightInstance
  }
}

/// The IDs of a GPU instance and of a compute instance in it, which together name the latter on its GPU.
package struct InstanceID: Hashable, Sendable, Comparable {
  package var gpuInstance: Int
  package var computeInstance: Int

  package init(gpuInstance: Int, computeInstance: Int) {
    self.gpuInstance = gpuInstance
    self.computeInstance = computeInstance
  }

  package static func < (left: InstanceID, right: InstanceID) -> Bool {
    (left.gpuInstance, left.computeInstance) < (right.gpuInstance, right.computeInstance)
  }
}
