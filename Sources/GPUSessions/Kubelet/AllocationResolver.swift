/// Makes allocations of the kubelet's entries: on devices of this node, of pods that are alive, named and sorted.
struct AllocationResolver {
  /// The replicas of this node's devices that are held.
  private(set) var held: [Holding] = []
  /// How many devices the entries name that this node does not have. In one entry all replicas of a device count once,
  /// and so do all IDs that are not recognized.
  var unknownCount: Int { missingCount + foreignCount }
  /// Those whose ID is as NVIDIA's and Google's plugins write it.
  private(set) var missingCount = 0
  /// Those whose ID only begins so: of another plugin, nobody knows which device it means.
  private(set) var foreignCount = 0
  /// Allocations from before the node's last reboot.
  private(set) var stale: Set<Key> = []
  let entries: [PodDeviceEntry]
  private let devices: [Inventory.NamedDevice]

  /// One replica of a device, by indices only: tens of thousands of them are sorted.
  struct Holding {
    /// The index in the sorted devices of the node.
    var device: Int
    /// The index of the entry that names the replica, and the index of its ID there.
    var entry: Int
    var id: Int
  }

  /// One container, or claim of a pod, that holds a device.
  struct Key: Hashable {
    var device: Int
    var podUID: PodUID?
    var containerName: String
    var resourceName: String
  }

  init(_ handedOut: HandedOutDevices, on index: DeviceIndex) {
    var index = index
    (entries, devices) = (handedOut.entries, index.devices)
    held.reserveCapacity(entries.count)
    for place in entries.indices {
      // A claim's entry does not come from the checkpoint whose boot is compared.
      add(place, isStale: handedOut.isFromEarlierBoot && entries[place].claimUID == nil, &index)
    }
  }

  private mutating func add(_ entry: Int, isStale: Bool, _ index: inout DeviceIndex) {
    var unknown: Set<PluginDeviceID> = []
    // What NVIDIA's DRA driver has prepared is a device of its own, however its UUID is spelled.
    let isClaim = entries[entry].claimUID != nil
    for (place, text) in entries[entry].deviceIDs.enumerated() {
      guard let id = PluginDeviceID(text) ?? (isClaim ? .uuid(text) : index.integrated(text)) else { continue }
      guard let device = index.index(of: id) else {
        unknown.insert(id)
        continue
      }
      let holding = Holding(device: device, entry: entry, id: place)
      if isStale { stale.insert(key(holding)) } else { held.append(holding) }
    }
    let foreign = isClaim ? 0 : unknown.count { !$0.hasKnownForm }
    foreignCount += foreign
    missingCount += unknown.count - foreign
  }

  /// Whether the pods of all entries that hold something are in this set.
  func isEveryPod(in pods: Set<PodUID>) -> Bool {
    held.allSatisfy { entries[$0.entry].podUID.map(pods.contains) ?? true }
  }

  private func key(_ holding: Holding) -> Key {
    let entry = entries[holding.entry]
    return Key(
      device: holding.device, podUID: entry.podUID, containerName: entry.containerName,
      resourceName: entry.resourceName)
  }

  /// The allocations of pods that are alive, sorted by device, namespace, pod, pod UID, container and resource; and how
  /// many allocations of other pods there are.
  func allocations(
    alive: Set<PodUID>, _ running: inout RunningContainers, _ names: inout PodNameResolver
  ) -> (ofLivePods: [Allocation], ofOthers: Int) {
    var live: [Holding] = []
    var others: Set<Key> = []
    var pods = Array(repeating: PodName(namespace: "", name: ""), count: entries.count)
    for holding in held {
      if let uid = entries[holding.entry].podUID, alive.contains(uid) {
        pods[holding.entry] = names.pod(uid) ?? PodName(namespace: "", name: "pod-" + uid.text)
        live.append(holding)
      } else {
        others.insert(key(holding))
      }
    }
    live.sort { isOrdered($0, before: $1, pods) }
    return (merged(withoutHandedOn(live, &running, &names), pods), others.count)
  }

  /// Makes one allocation of the replicas of a device that one container holds. A replica that is named twice counts
  /// once: in this order it stands beside itself.
  private func merged(_ holdings: [Holding], _ pods: [PodName]) -> [Allocation] {
    var allocations: [Allocation] = []
    allocations.reserveCapacity(holdings.count)
    var rest = holdings[...]
    while let first = rest.first {
      let own = rest.prefix { isOneAllocation(first, $0) }
      rest = rest[own.endIndex...]
      guard let uid = entries[first.entry].podUID else { continue }
      let replicas = 1 + zip(own, own.dropFirst()).count { isOrderedInPod($0, before: $1) }
      allocations.append(
        Allocation(
          device: devices[first.device].device, deviceUUID: devices[first.device].uuid,
          resource: entries[first.entry].resourceName, pod: pods[first.entry].name,
          namespace: pods[first.entry].namespace, container: entries[first.entry].containerName, podUID: uid,
          replicas: replicas))
    }
    return allocations
  }

  private func isOneAllocation(_ holding: Holding, _ other: Holding) -> Bool {
    holding.device == other.device && entries[holding.entry].podUID == entries[other.entry].podUID
      && entries[holding.entry].containerName == entries[other.entry].containerName
      && entries[holding.entry].resourceName == entries[other.entry].resourceName
  }
  private func isOrdered(_ left: Holding, before right: Holding, _ pods: [PodName]) -> Bool {
    if left.device != right.device { return left.device < right.device }
    let (pod, otherPod) = (pods[left.entry], pods[right.entry])
    if pod.namespace != otherPod.namespace { return pod.namespace < otherPod.namespace }
    if pod.name != otherPod.name { return pod.name < otherPod.name }
    return isOrderedInPod(left, before: right)
  }

  private func isOrderedInPod(_ left: Holding, before right: Holding) -> Bool {
    let (entry, other) = (entries[left.entry], entries[right.entry])
    if entry.podUID != other.podUID { return entry.podUID?.text ?? "" < other.podUID?.text ?? "" }
    if entry.containerName != other.containerName { return entry.containerName < other.containerName }
    if entry.resourceName != other.resourceName { return entry.resourceName < other.resourceName }
    if entry.claimUID != other.claimUID { return entry.claimUID ?? "" < other.claimUID ?? "" }
    return entry.deviceIDs[left.id].lexicographicallyPrecedes(other.deviceIDs[right.id])
  }
}
