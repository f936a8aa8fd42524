/// A device that the kubelet has handed to a container of a live pod, whether the container uses it or not.
package struct Allocation: Sendable, Equatable {
  package var device: Device
  /// The UUID of the GPU or of the MIG instance; `nil` if it is not known.
  package var deviceUUID: String?
  /// The device plugin's resource name, `nvidia.com/gpu` for instance; for a resource claim the DRA driver's name,
  /// `gpu.nvidia.com`.
  package var resource: String
  /// The pod's name, or `pod-<uid>` if only the UID is known.
  package var pod: String
  /// The pod's namespace; empty if only the pod's UID is known.
  package var namespace: String
  /// The container's name; empty for a resource claim, because no file of the node says which container uses it.
  package var container: String
  package var podUID: PodUID
  /// How many replicas of the device the container holds: 1, or more under time-slicing and MPS.
  package var replicas: Int
}
