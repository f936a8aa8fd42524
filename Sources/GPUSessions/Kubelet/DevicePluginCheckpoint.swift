/// The kubelet's `device-plugins/kubelet_internal_checkpoint`: which container was given which devices.
///
/// Version 1 (Kubernetes up to 1.19) lists the device IDs, version 2 lists them per NUMA node. The checksum covers
/// Go's print of the structures, so it is not checked. `AllocResp`, which may hold secrets, is never decoded.
/// Source: kubelet `pkg/kubelet/cm/devicemanager/checkpoint`.
package struct DevicePluginCheckpoint: Sendable, Equatable {
  /// The entries in the order of the file.
  package var entries: [PodDeviceEntry]
  /// The ID of the boot in which the file was written; `nil` from kubelets that do not write it.
  package var bootID: String?

  /// Reads the whole file; `nil` if it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let checkpoint = readJSON(bytes, DevicePluginCheckpoint.init(document:)) else { return nil }
    self = checkpoint
  }

  private init(document: JSONValue) throws(JSONMismatch) {
    // Go writes `null` for an empty list. Without the key it is not this checkpoint.
    guard let list = try document.member("Data")?.member("PodDeviceEntries", orNull: true) else {
      throw JSONMismatch()
    }
    entries = []
    for entry in try list.elementsOrNull() { entries.append(try podDeviceEntry(entry)) }
    let id = try document.text("BootID") ?? ""
    bootID = id.isEmpty ? nil : id
  }
}

/// No field of an entry has `omitempty`: an entry without one has another shape.
private func podDeviceEntry(_ entry: JSONValue) throws(JSONMismatch) -> PodDeviceEntry {
  guard let list = try entry.member("DeviceIDs", orNull: true) else { throw JSONMismatch() }
  return PodDeviceEntry(
    podUID: PodUID(try entry.required("PodUID").utf8()), containerName: try entry.requiredText("ContainerName"),
    resourceName: try entry.requiredText("ResourceName"), deviceIDs: try ids(list))
}

/// The IDs in a list (version 1), or in an object from NUMA nodes to lists (version 2); each of these may be `null`.
private func ids(_ value: JSONValue) throws(JSONMismatch) -> [ArraySlice<UInt8>] {
  var ids: [ArraySlice<UInt8>] = []
  if value.isObject {
    for list in try value.values() { try list.appendTexts(to: &ids) }
  } else {
    try value.appendTexts(to: &ids)
  }
  return ids
}
