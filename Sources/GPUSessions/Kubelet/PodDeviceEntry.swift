/// Devices that the kubelet has handed to a pod: an entry of its checkpoint, or the devices of a resource claim.
package struct PodDeviceEntry: Sendable, Equatable {
  /// `nil` for a text that is no UID, and so of no pod that is alive.
  package var podUID: PodUID?
  /// The container's name; empty for a resource claim, which belongs to the pod.
  package var containerName: String
  /// The resource as the device plugin names it (`nvidia.com/gpu`); the driver's name for a resource claim.
  package var resourceName: String
  /// The IDs as the plugin or driver wrote them, in the order of the file. They are slices of it.
  package var deviceIDs: [ArraySlice<UInt8>]
  /// The UID of the resource claim; `nil` for the devices of a device plugin.
  package var claimUID: String?

  package init(
    podUID: PodUID?, containerName: String, resourceName: String, deviceIDs: [ArraySlice<UInt8>],
    claimUID: String? = nil
  ) {
    self.podUID = podUID
    self.containerName = containerName
    self.resourceName = resourceName
    self.deviceIDs = deviceIDs
    self.claimUID = claimUID
  }
}
