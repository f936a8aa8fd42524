/// A device that the kubelet has handed to a container of a live pod, whether the container uses it or not.
///
/// A class, because a node has thousands of them, and a copy costs more instructions than the labels of its sample.
package final class Allocation: Sendable {
  package let device: Device
  /// The UUID of the GPU or of the MIG instance; `nil` if it is not known.
  package let deviceUUID: String?
  /// The device plugin's resource name, `nvidia.com/gpu` for instance; for a resource claim the DRA driver's name,
  /// `gpu.nvidia.com`.
  package let resource: String
  /// The pod's name, or `pod-<uid>` if only the UID is known.
  package let pod: String
  /// The pod's namespace; empty if only the pod's UID is known.
  package let namespace: String
  /// The container's name; empty for a resource claim, because no file of the node says which container uses it.
  package let container: String
  package let podUID: PodUID
  /// How many replicas of the device the container holds: 1, or more under time-slicing and MPS.
  package let replicas: Int

  package init(
    device: Device, deviceUUID: String?, resource: String, pod: String, namespace: String, container: String,
    podUID: PodUID, replicas: Int
  ) {
    self.device = device
    self.deviceUUID = deviceUUID
    self.resource = resource
    self.pod = pod
    self.namespace = namespace
    self.container = container
    self.podUID = podUID
    self.replicas = replicas
  }
}
