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
    guard let read = JSONScanner.read(bytes, DevicePluginCheckpoint.init(_:)) else { return nil }
    self = read
  }

  /// Of several members with one name the first counts, here and below.
  private init(_ document: inout JSONScanner) throws(JSONMismatch) {
    var (entries, id): ([DeviceHolding]?, ArraySlice<UInt8>?)
    try document.members { document, name throws(JSONMismatch) in
      if entries == nil, document.isText("Data", name) {
        entries = try DevicePluginCheckpoint.entries(&document)
      } else if id == nil, document.isText("BootID", name) {
        id = try document.takeNull() ? [] : try document.text()
      } else {
        try document.skip()
      }
    }
    guard let entries else { throw JSONMismatch() }
    holdings = entries
    bootID = id.flatMap { $0.isEmpty ? nil : $0.text }
  }

  /// Go writes `null` for an empty list; a file without the key is another file.
  private static func entries(_ data: inout JSONScanner) throws(JSONMismatch) -> [DeviceHolding] {
    var found: [DeviceHolding]?
    try data.members { data, name throws(JSONMismatch) in
      guard found == nil, data.isText("PodDeviceEntries", name) else { return try data.skip() }
      var entries: [DeviceHolding] = []
      // An entry has about 200 bytes.
      entries.reserveCapacity(data.bytes.count / 200)
      if !(try data.takeNull()) {
        try data.elements { data throws(JSONMismatch) in entries.append(try DeviceHolding(&data)) }
      }
      found = entries
    }
    guard let found else { throw JSONMismatch() }
    return found
  }
}

/// Devices that one container of a pod, or the pod, was given under one resource name.
package struct DeviceHolding: Sendable, Equatable {
  package var podUID: ArraySlice<UInt8>
  /// Empty where only the pod is known.
  package var container: ArraySlice<UInt8>
  package var resource: ArraySlice<UInt8>
  package var deviceIDs: [ArraySlice<UInt8>]
  /// What tells holdings of the same device apart that are not the same thing; empty for a device plugin.
  package var claim = ""

  package init(
    podUID: ArraySlice<UInt8>, container: ArraySlice<UInt8>, resource: ArraySlice<UInt8>,
    deviceIDs: [ArraySlice<UInt8>], claim: String = ""
  ) {
    (self.podUID, self.container, self.resource) = (podUID, container, resource)
    (self.deviceIDs, self.claim) = (deviceIDs, claim)
  }
}

extension DeviceHolding {
  /// One entry of the checkpoint.
  fileprivate init(_ entry: inout JSONScanner) throws(JSONMismatch) {
    var uid: JSONNode?
    var container: JSONNode?
    var resource: JSONNode?
    var ids: [ArraySlice<UInt8>]?
    try entry.members { entry, name throws(JSONMismatch) in
      if uid == nil, entry.isText("PodUID", name) {
        uid = try entry.string()
      } else if container == nil, entry.isText("ContainerName", name) {
        container = try entry.string()
      } else if resource == nil, entry.isText("ResourceName", name) {
        resource = try entry.string()
      } else if ids == nil, entry.isText("DeviceIDs", name) {
        ids = try DeviceHolding.deviceIDs(&entry)
      } else {
        try entry.skip()
      }
    }
    guard let uid, let container, let resource else { throw JSONMismatch() }
    self.init(
      podUID: try entry.text(of: uid), container: try entry.text(of: container),
      resource: try entry.text(of: resource),
      deviceIDs: ids ?? [])
  }

  /// A list of IDs, or a map from NUMA node to a list or `null`.
  private static func deviceIDs(_ entry: inout JSONScanner) throws(JSONMismatch) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    if entry.next == UInt8(ascii: "{") {
      try entry.members { entry, _ throws(JSONMismatch) in try addList(&entry, to: &found) }
    } else {
      try addList(&entry, to: &found)
    }
    return found
  }

  private static func addList(
    _ entry: inout JSONScanner, to found: inout [ArraySlice<UInt8>]
  ) throws(JSONMismatch) {
    if try entry.takeNull() { return }
    try entry.elements { entry throws(JSONMismatch) in found.append(try entry.text()) }
  }
}
