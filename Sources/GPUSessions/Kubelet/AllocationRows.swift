/// Makes allocations of what is held by pods that are alive: named, in order, replicas of one device as one.
struct AllocationRows {
  private let held: HeldDevices
  private var rows: [HeldDevices.Row] = []
  private var names: [PodName] = []
  private var uids: [PodUID] = []
  private var keys: [SortKey] = []

  init(_ held: HeldDevices) {
    self.held = held
    rows.reserveCapacity(held.rows.count)
    names.reserveCapacity(held.rows.count)
    uids.reserveCapacity(held.rows.count)
    keys.reserveCapacity(held.rows.count)
  }

  /// With the pod's name where it is known; without, the UID stands for it. The container's name is the kubelet's own
  /// and stays: it tells two containers of one pod apart.
  mutating func add(_ row: HeldDevices.Row, _ uid: PodUID, _ name: PodName?) {
    let name = name ?? PodName(namespace: "", name: "pod-" + uid.text)
    keys.append(SortKey(held.devices.all[row.device].device, name, rows.count))
    rows.append(row)
    names.append(name)
    uids.append(uid)
  }

  /// All, by device, namespace, pod, its UID, container and resource.
  consuming func sorted() -> [Allocation] {
    keys.sort { [self] left, right in
      if left.device != right.device { return left.device < right.device }
      if left.namespace != right.namespace { return left.namespace < right.namespace }
      return left.pod == right.pod ? isOrdered(left.place, right.place) : left.pod < right.pod
    }
    var sorted: [Allocation] = []
    sorted.reserveCapacity(rows.count)
    var resource = Text()
    var last: HeldDevices.Row?
    var replicas: Set<[ArraySlice<UInt8>]> = []
    for key in keys {
      let row = rows[key.place]
      if let end = sorted.indices.last, let first = last, held.isSame(first, row) {
        replicas.formUnion([held.replica(first), held.replica(row)])
        sorted[end].replicas = replicas.count
      } else {
        if !replicas.isEmpty { replicas.removeAll() }
        sorted.append(allocation(row, key.place, &resource))
      }
      last = row
    }
    return sorted
  }

  private func allocation(_ row: HeldDevices.Row, _ place: Int, _ resource: inout Text) -> Allocation {
    let (holdings, device) = (held.holdings, held.devices.all[row.device])
    return Allocation(
      device: device.device, deviceUUID: device.uuid, resource: resource.of(holdings.resource(row.holding)),
      pod: names[place].name, namespace: names[place].namespace,
      container: holdings.container(row.holding).text, podUID: uids[place], replicas: 1)
  }

  /// Where the beginnings are the same.
  private func isOrdered(_ left: Int, _ right: Int) -> Bool {
    let (first, second) = (names[left], names[right])
    if first.namespace != second.namespace { return first.namespace < second.namespace }
    return first.name == second.name ? held.isOrdered(rows[left], rows[right]) : first.name < second.name
  }
}

/// A text that is mostly the one before.
private struct Text {
  private var bytes: ArraySlice<UInt8> = []
  private var text = ""

  mutating func of(_ bytes: ArraySlice<UInt8>) -> String {
    if !self.bytes.isSame(as: bytes) { (self.bytes, text) = (bytes, bytes.text) }
    return text
  }
}

/// What mostly tells the order of allocations: the device, and how their names begin.
private struct SortKey {
  var device: UInt64
  var namespace: UInt64
  var pod: UInt64
  var place: Int

  init(_ device: Device, _ name: PodName, _ place: Int) {
    self.device = SortKey.number(device)
    namespace = SortKey.beginning(name.namespace)
    pod = SortKey.beginning(name.name)
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
