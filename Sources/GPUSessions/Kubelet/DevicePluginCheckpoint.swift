/// The kubelet's `device-plugins/kubelet_internal_checkpoint`: which container was given which devices.
///
/// Version 1 (Kubernetes up to 1.19) lists the device IDs, version 2 lists them per NUMA node. The checksum is over a
/// Go text of the structures and is not checked; `AllocResp`, which may hold secrets, is never decoded.
/// Source: kubelet `pkg/kubelet/cm/devicemanager/checkpoint`.
package struct DevicePluginCheckpoint: Sendable, Equatable {
  package var holdings: DeviceHoldings
  /// The boot in which it was written; newer kubelets only.
  package var bootID: String?

  /// Reads the whole file; `nil` where it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let read = JSONScanner.read(bytes, DevicePluginCheckpoint.init(_:)) else { return nil }
    self = read
  }

  /// Of several members with one name the first counts, here and below.
  private init(_ document: inout JSONScanner) throws(JSONMismatch) {
    var (entries, id): (DeviceHoldings?, ArraySlice<UInt8>?)
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
  private static func entries(_ data: inout JSONScanner) throws(JSONMismatch) -> DeviceHoldings {
    var found: DeviceHoldings?
    try data.members { data, name throws(JSONMismatch) in
      guard found == nil, data.isText("PodDeviceEntries", name) else { return try data.skip() }
      var entries = DeviceHoldings(of: data.bytes)
      // An entry has about 200 bytes.
      entries.reserveCapacity(data.bytes.count / 200)
      if !(try data.takeNull()) {
        try data.elements { data throws(JSONMismatch) in try entries.add(&data) }
      }
      found = entries
    }
    guard let found else { throw JSONMismatch() }
    return found
  }
}

extension DeviceHoldings {
  /// One entry of the checkpoint.
  fileprivate mutating func add(_ entry: inout JSONScanner) throws(JSONMismatch) {
    var uid: JSONNode?
    var container: JSONNode?
    var resource: JSONNode?
    var hasIDs = false
    try entry.members { entry, name throws(JSONMismatch) in
      if uid == nil, entry.isText("PodUID", name) {
        uid = try entry.string()
      } else if container == nil, entry.isText("ContainerName", name) {
        container = try entry.string()
      } else if resource == nil, entry.isText("ResourceName", name) {
        resource = try entry.string()
      } else if !hasIDs, entry.isText("DeviceIDs", name) {
        try addIDs(&entry)
        hasIDs = true
      } else {
        try entry.skip()
      }
    }
    guard let uid, let container, let resource else { throw JSONMismatch() }
    add(
      Entry(
        podUID: try place(of: uid, entry), container: try place(of: container, entry),
        resource: try place(of: resource, entry)))
  }

  /// A list of IDs, or a map from NUMA node to a list or `null`.
  private mutating func addIDs(_ entry: inout JSONScanner) throws(JSONMismatch) {
    if entry.next == UInt8(ascii: "{") {
      try entry.members { entry, _ throws(JSONMismatch) in try addList(&entry) }
    } else {
      try addList(&entry)
    }
  }

  private mutating func addList(_ entry: inout JSONScanner) throws(JSONMismatch) {
    if try entry.takeNull() { return }
    try entry.elements { entry throws(JSONMismatch) in add(id: try place(of: entry.string(), entry)) }
  }

  /// Where the text of a string lies: mostly in the document.
  private mutating func place(of node: JSONNode, _ entry: JSONScanner) throws(JSONMismatch) -> Place {
    node.kind == .string ? place(node.bytes) : place(try entry.text(of: node))
  }
}
