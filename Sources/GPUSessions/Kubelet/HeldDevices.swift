/// Devices of this node that the kubelet has handed out: of each its holding and which of its IDs it is.
struct HeldDevices {
  /// One ID of a holding that means a device of this node.
  struct Row {
    /// Position of the holding.
    var holding: Int
    /// Position of the ID among all.
    var id: Int
    /// Position of the device.
    var device: Int
  }

  let holdings: DeviceHoldings
  let isStale: Bool
  private(set) var devices: DeviceIndex
  /// IDs that mean no device, of each holding each once.
  private(set) var unknown = 0
  /// In the order of the holdings; those from before a reboot are not among them.
  private(set) var rows: [Row] = []
  private var gone: Set<GoneRow> = []

  /// A row whose pod is gone, by all that tells rows apart.
  private struct GoneRow: Hashable {
    var podUID: ArraySlice<UInt8>
    var container: ArraySlice<UInt8>
    var resource: ArraySlice<UInt8>
    var device: Int
    var isStale: Bool
  }

  init(_ contents: KubeletFiles.Contents, _ devices: DeviceIndex) {
    (holdings, isStale, self.devices) = (contents.holdings, contents.isStale, devices)
    rows.reserveCapacity(holdings.count)
    for position in holdings.indices { add(position) }
  }

  private mutating func add(_ position: Int) {
    let isStale = isStale && !holdings.hasClaim(position)
    var unknownIDs: Set<PluginDeviceID> = []
    for id in holdings.ids(position) {
      guard let name = PluginDeviceID(holdings.id(id)) else { continue }
      guard let device = devices.position(name) else {
        unknownIDs.insert(name)
        continue
      }
      let row = Row(holding: position, id: id, device: device)
      if isStale { forget(row, isStale: true) } else { rows.append(row) }
    }
    unknown += unknownIDs.count
  }

  /// Rows whose pod is gone, each device of a container once.
  var goneCount: Int { gone.count }

  /// Notes that the row's pod is gone.
  mutating func forget(_ row: Row, isStale: Bool = false) {
    gone.insert(
      GoneRow(
        podUID: holdings.podUID(row.holding), container: holdings.container(row.holding),
        resource: holdings.resource(row.holding), device: row.device, isStale: isStale))
  }

  /// Whether both are of one container, resource and device.
  func isSame(_ left: Row, _ right: Row) -> Bool {
    left.device == right.device
      && holdings.podUID(left.holding).isSame(as: holdings.podUID(right.holding))
      && holdings.container(left.holding).isSame(as: holdings.container(right.holding))
      && holdings.resource(left.holding).isSame(as: holdings.resource(right.holding))
  }

  /// Whether the one comes before the other, where device and pod's name are the same.
  func isOrdered(_ left: Row, _ right: Row) -> Bool {
    let (first, second) = (holdings[left.holding], holdings[right.holding])
    if !first.podUID.isSame(as: second.podUID) { return first.podUID.lexicographicallyPrecedes(second.podUID) }
    if first.container.isSame(as: second.container) {
      return first.resource.lexicographicallyPrecedes(second.resource)
    }
    return first.container.lexicographicallyPrecedes(second.container)
  }

  /// What tells replicas of one device apart.
  func replica(_ row: Row) -> [ArraySlice<UInt8>] { [holdings.claim(row.holding), holdings.id(row.id)] }
}
