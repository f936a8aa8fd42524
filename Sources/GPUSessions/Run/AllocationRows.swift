/// Makes allocations of what is held by pods that are alive: named, in order, replicas of one device as one.
struct AllocationRows {
  private let held: HeldDevices
  private var found: [Allocation] = []
  private var rows: [HeldDevices.Row] = []
  private var keys: [SortKey] = []
  /// The resource of the row before; nearly all have the same.
  private var resource = (bytes: ArraySlice<UInt8>(), text: "")

  init(_ held: HeldDevices) {
    self.held = held
    found.reserveCapacity(held.rows.count)
    rows.reserveCapacity(held.rows.count)
    keys.reserveCapacity(held.rows.count)
  }

  /// With the pod's name where it is known; without, the UID stands for it. The container's name is the kubelet's own
  /// and stays: it tells two containers of one pod apart.
  mutating func add(_ row: HeldDevices.Row, _ name: PodName?) {
    let (holding, device) = (held.holdings[row.holding], held.devices.all[row.device])
    if !resource.bytes.isSame(as: holding.resource) { resource = (holding.resource, holding.resource.text) }
    let uid = holding.podUID.text
    let allocation = Allocation(
      device: device.device, deviceUUID: device.uuid, resource: resource.text, pod: name?.name ?? "pod-" + uid,
      namespace: name?.namespace ?? "", container: holding.container.text, podUID: uid, replicas: 1)
    keys.append(SortKey(allocation, found.count))
    found.append(allocation)
    rows.append(row)
  }

  /// All, in order.
  consuming func sorted() -> [Allocation] {
    sortKeys()
    var sorted: [Allocation] = []
    sorted.reserveCapacity(found.count)
    var replicas: Set<[ArraySlice<UInt8>]> = []
    var last: HeldDevices.Row?
    for key in keys {
      let (allocation, row) = (found[key.place], rows[key.place])
      if let end = sorted.indices.last, let first = last, !(sorted[end] < allocation) {
        replicas.formUnion([held.replica(first), held.replica(row)])
        sorted[end].replicas = replicas.count
      } else {
        if !replicas.isEmpty { replicas.removeAll() }
        sorted.append(allocation)
      }
      last = row
    }
    return sorted
  }

  private mutating func sortKeys() {
    keys.sort { [found] left, right in
      if left.device != right.device { return left.device < right.device }
      if left.namespace != right.namespace { return left.namespace < right.namespace }
      if left.pod != right.pod { return left.pod < right.pod }
      return found[left.place] < found[right.place]
    }
  }
}

/// What mostly tells the order of allocations: the device, and how their names begin.
private struct SortKey {
  var device: UInt64
  var namespace: UInt64
  var pod: UInt64
  var place: Int

  init(_ allocation: Allocation, _ place: Int) {
    device = SortKey.number(allocation.device)
    namespace = SortKey.beginning(allocation.namespace)
    pod = SortKey.beginning(allocation.pod)
    self.place = place
  }

  /// In the order of devices, as far as it tells them apart.
  private static func number(_ device: Device) -> UInt64 {
    let gpu = UInt64(UInt32(clamping: device.gpu)) << 32
    guard let instance = device.instance else { return gpu }
    let (outer, inner) = (UInt8(clamping: instance.gpuInstance), UInt8(clamping: instance.computeInstance))
    return gpu | 1 << 31 | UInt64(outer) << 8 | UInt64(inner)
  }

  /// The first eight bytes, in their order; names are ASCII.
  private static func beginning(_ name: String) -> UInt64 {
    let bytes = name.utf8Span.span
    if bytes.count >= 8 { return bytes.eight(at: 0).byteSwapped }
    var word: UInt64 = 0
    for place in bytes.indices { word |= UInt64(bytes[place]) << UInt64(56 - 8 * place) }
    return word
  }
}
