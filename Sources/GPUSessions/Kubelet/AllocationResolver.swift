/// Makes allocations of the kubelet's entries: on devices of this node, of pods that are alive, named and sorted.
struct AllocationResolver {
  /// The replicas of this node's devices that are held, by device, pod, container and resource.
  private(set) var held: [Key: Set<Replica>] = [:]
  /// How many devices the entries name that this node does not have. In one entry all replicas of a device count once,
  /// and so do all IDs that are not recognized.
  private(set) var unknownCount = 0
  /// Allocations from before the node's last reboot.
  private(set) var stale: Set<Key> = []

  /// One container, or claim of a pod, that holds a device.
  struct Key: Hashable {
    var device: Device
    var deviceUUID: String?
    /// `nil` for a text that is no UID, and so of no pod that is alive.
    var podUID: PodUID?
    var containerName: String
    var resourceName: String
  }

  /// What tells several replicas of one device apart.
  struct Replica: Hashable {
    var claimUID: String?
    var deviceID: String
  }

  init(_ devices: HandedOutDevices, on index: DeviceIndex) {
    var index = index
    held.reserveCapacity(devices.entries.count)
    for entry in devices.entries {
      // A claim's entry does not come from the checkpoint whose boot is compared.
      add(entry, isStale: devices.isFromEarlierBoot && entry.claimUID == nil, &index)
    }
  }

  private mutating func add(_ entry: PodDeviceEntry, isStale: Bool, _ index: inout DeviceIndex) {
    let uid = PodUID(entry.podUID)
    var unknown: Set<PluginDeviceID> = []
    for text in entry.deviceIDs {
      guard let id = PluginDeviceID(text) else { continue }
      guard let device = index.device(id) else {
        unknown.insert(id)
        continue
      }
      let key = Key(
        device: device.device, deviceUUID: device.uuid, podUID: uid, containerName: entry.containerName,
        resourceName: entry.resourceName)
      if isStale {
        stale.insert(key)
      } else {
        held[key, default: []].insert(Replica(claimUID: entry.claimUID, deviceID: text))
      }
    }
    unknownCount += unknown.count
  }

  /// The allocations of pods that are alive, sorted by device, namespace, pod, pod UID, container and resource.
  func allocations(alive: Set<PodUID>, _ names: inout PodNameResolver) -> [Allocation] {
    var allocations: [Allocation] = []
    for (key, replicas) in held {
      guard let uid = key.podUID, alive.contains(uid) else { continue }
      let pod = names.pod(uid) ?? PodName(namespace: "", name: "pod-" + uid.text)
      allocations.append(
        Allocation(
          device: key.device, deviceUUID: key.deviceUUID, resource: key.resourceName, pod: pod.name,
          namespace: pod.namespace, container: key.containerName, podUID: uid,
          replicas: replicas.count))
    }
    // Indices are sorted because moving an allocation costs more than comparing two.
    let order = allocations.indices.sorted { allocations[$0].isOrdered(before: allocations[$1]) }
    return order.map { allocations[$0] }
  }
}

extension Allocation {
  fileprivate func isOrdered(before other: Allocation) -> Bool {
    if device != other.device { return device < other.device }
    if namespace != other.namespace { return namespace < other.namespace }
    if pod != other.pod { return pod < other.pod }
    if podUID != other.podUID { return podUID.text < other.podUID.text }
    return (container, resource) < (other.container, other.resource)
  }
}
