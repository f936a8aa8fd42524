/// The kubelet's `device-plugins/kubelet_internal_checkpoint`: which container was given which devices.
///
/// Version 1 (Kubernetes up to 1.19) lists the device IDs, version 2 lists them per NUMA node. The checksum is over a
/// Go text of the structures and is not checked; `AllocResp`, which may hold secrets, is never decoded.
/// Source: kubelet `pkg/kubelet/cm/devicemanager/checkpoint`.
package struct DevicePluginCheckpoint: Sendable, Equatable {
  package var holdings: [DeviceHolding]
  /// The boot in which it was written; newer kubelets only.
  package var bootID: String?

  /// Reads the whole file; `nil` where it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let read = readJSON(bytes, DevicePluginCheckpoint.init(_:)) else { return nil }
    self = read
  }

  private init(_ document: JSONValue) throws(JSONMismatch) {
    // Go writes `null` for an empty list; a file without the key is another file.
    guard let data = try document.member("Data"), try data.has("PodDeviceEntries") else { throw JSONMismatch() }
    var found: [DeviceHolding] = []
    try data.member("PodDeviceEntries")?.forEach { entry throws(JSONMismatch) in
      found.append(try DeviceHolding(entry))
    }
    holdings = found
    let id = try document.text("BootID") ?? ""
    bootID = id.isEmpty ? nil : id
  }
}

/// Devices that one container of a pod, or the pod, was given under one resource name.
package struct DeviceHolding: Sendable, Equatable {
  package var podUID: String
  /// Empty where only the pod is known.
  package var container: String
  package var resource: String
  package var deviceIDs: [String]
  /// What tells holdings of the same device apart that are not the same thing; empty for a device plugin.
  package var claim = ""
}

extension DeviceHolding {
  /// One entry of the checkpoint.
  fileprivate init(_ entry: JSONValue) throws(JSONMismatch) {
    podUID = try entry.requiredText("PodUID")
    container = try entry.requiredText("ContainerName")
    resource = try entry.requiredText("ResourceName")
    deviceIDs = []
    if let ids = try entry.member("DeviceIDs") { deviceIDs = try DeviceHolding.deviceIDs(ids) }
  }

  /// A list of IDs, or a map from NUMA node to a list or `null`.
  private static func deviceIDs(_ ids: JSONValue) throws(JSONMismatch) -> [String] {
    var found: [String] = []
    func take(_ list: JSONValue) throws(JSONMismatch) {
      if list.isNull { return }
      try list.forEach { id throws(JSONMismatch) in found.append(try id.text()) }
    }
    if let only = ids.onlyMember {
      try take(only)
    } else if ids.isObject {
      for node in try ids.members().sorted(by: { $0.name < $1.name }) { try take(node.value) }
    } else {
      try take(ids)
    }
    return found
  }
}
