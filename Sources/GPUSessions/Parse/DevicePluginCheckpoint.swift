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
    guard let document = decodeJSON(Document.self, from: bytes) else { return nil }
    bootID = document.bootID.flatMap { $0.isEmpty ? nil : $0 }
    holdings = document.entries.map { entry in
      DeviceHolding(
        podUID: entry.PodUID, container: entry.ContainerName, resource: entry.ResourceName,
        deviceIDs: entry.DeviceIDs?.ids ?? [])
    }
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

/// The keys that are read, all others are passed over.
private struct Document: Decodable {
  var entries: [Entry]
  var bootID: String?

  enum CodingKeys: String, CodingKey {
    case data = "Data"
    case bootID = "BootID"
  }

  enum DataKeys: String, CodingKey {
    case entries = "PodDeviceEntries"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let data = try container.nestedContainer(keyedBy: DataKeys.self, forKey: .data)
    // Go writes `null` for an empty list; a file without the key is another file.
    entries = try data.decodeNil(forKey: .entries) ? [] : data.decode([Entry].self, forKey: .entries)
    bootID = try container.decodeIfPresent(String.self, forKey: .bootID)
  }
}

/// One entry, its properties spelled as in the file.
private struct Entry: Decodable {
  var PodUID: String
  var ContainerName: String
  var ResourceName: String
  var DeviceIDs: DeviceIDList?
}

/// A list of IDs, or a map from NUMA node to a list or `null`.
private struct DeviceIDList: Decodable {
  var ids: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let list = try? container.decode([String].self) {
      ids = list
    } else {
      let nodes = try container.decode([String: [String]?].self)
      ids = nodes.sorted { $0.key < $1.key }.flatMap { $0.value ?? [] }
    }
  }
}
