/// What a session runs on: a whole GPU, or one MIG compute instance of it.
package struct Device: Hashable, Sendable, Comparable {
  /// nvidia-smi's GPU index.
  package var gpu: Int
  /// GPU instance and compute instance ID, `nil` on a whole GPU.
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

  package static func < (left: Device, right: Device) -> Bool {
    if left.gpu != right.gpu { return left.gpu < right.gpu }
    guard let rightInstance = right.instance else { return false }
    guard let leftInstance = left.instance else { return true }
    return leftInstance < rightInstance
  }
}

/// The two numbers that name a MIG compute instance on its GPU.
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
