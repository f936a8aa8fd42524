/// What the kubelet has handed to a container that is alive, used or not.
package struct Allocation: Sendable, Equatable {
  package var device: Device
  /// UUID of the device: the GPU's, or the MIG instance's where it is known.
  package var deviceUUID: String?
  /// As the plugin names it (`nvidia.com/gpu`); the driver's name (`gpu.nvidia.com`) for a resource claim.
  package var resource: String
  /// The pod's name, `pod-<uid>` where only the UID is known.
  package var pod: String
  package var namespace: String
  /// Empty for a resource claim: the node's files do not say which container of the pod uses it.
  package var container: String
  package var podUID: PodUID
  /// 1, or more under time-slicing and MPS.
  package var replicas: Int
}
