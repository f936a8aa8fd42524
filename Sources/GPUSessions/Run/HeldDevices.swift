/// Devices of this node by who holds them; the IDs of one device are its replicas.
struct HeldDevices {
  private struct Key: Hashable {
    var podUID: String
    var container: String
    var resource: String
    var device: AllocatableDevices.Named

    /// A pod holds few devices.
    func hash(into hasher: inout Hasher) { hasher.combine(podUID) }
  }

  /// IDs of one device, mostly a single one.
  private struct Replicas {
    var first: String
    private var others: Set<String> = []

    init(first: String) { self.first = first }

    var count: Int { 1 + others.count }

    mutating func add(_ replica: String) {
      if replica != first { others.insert(replica) }
    }
  }

  private var ids: [Key: Replicas] = [:]

  /// Of rows, not of replicas.
  var count: Int { ids.count }

  /// Adds the devices of one entry; how many of NVIDIA's among them this node does not have.
  mutating func add(_ holding: DeviceHolding, _ devices: inout AllocatableDevices) -> Int {
    var unknown: Set<AllocatedDeviceID> = []
    for name in holding.deviceIDs {
      guard let id = AllocatedDeviceID(name) else { continue }
      guard let device = devices.device(id) else {
        unknown.insert(id)
        continue
      }
      let key = Key(
        podUID: holding.podUID, container: holding.container, resource: holding.resource, device: device)
      let replica = holding.claim.isEmpty ? name : holding.claim + "/" + name
      ids[key, default: Replicas(first: replica)].add(replica)
    }
    return unknown.count
  }

  /// The rows of these pods, without names and in no order.
  func rows(ofPods alive: Set<String>) -> [Allocation] {
    ids.filter { alive.contains($0.key.podUID) }.map { key, ids in
      Allocation(
        device: key.device.device, deviceUUID: key.device.uuid, resource: key.resource,
        pod: "pod-" + key.podUID, namespace: "", container: key.container, podUID: key.podUID,
        replicas: ids.count)
    }
  }
}
