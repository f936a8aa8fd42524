/// The pods that are alive, each once.
struct LivePods: Sendable, Equatable {
  private(set) var uids: [PodUID] = []
  private let table: PositionTable

  /// Of UIDs that may be there several times.
  init(_ found: [PodUID] = []) {
    var table = PositionTable(count: found.count)
    for uid in found where !LivePods.has(uid, uids, table) {
      table.add(uids.count, uid.key)
      uids.append(uid)
    }
    self.table = table
  }

  var count: Int { uids.count }
  var isEmpty: Bool { uids.isEmpty }

  func contains(_ uid: PodUID) -> Bool { LivePods.has(uid, uids, table) }

  private static func has(_ uid: PodUID, _ uids: [PodUID], _ table: PositionTable) -> Bool {
    var isThere = false
    table.forEach(uid.key) { position in isThere = isThere || uids[position] == uid }
    return isThere
  }

  static func == (left: LivePods, right: LivePods) -> Bool { Set(left.uids) == Set(right.uids) }
}
