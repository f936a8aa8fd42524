/// How the sessions of a node differ from those of an earlier collection.
struct SessionChanges {
  /// What stands in the margin of a session.
  enum Mark: String {
    case new = "+"
    case ended = "-"
    case otherOwner = "~"

    var style: TableLine.Style {
      switch self {
      case .new: .good
      case .ended: .faint
      case .otherOwner: .caution
      }
    }
  }

  private struct Key: Hashable {
    var device: Device
    var pid: Int32

    init(_ session: Session) { (device, pid) = (session.device, session.pid) }
  }

  private var marks: [Key: Mark] = [:]
  /// The sessions that are gone, in the earlier collection's order.
  private(set) var ended: [Session] = []

  /// No changes, as of a first collection.
  init() {}

  /// Compares two collections.
  ///
  /// A session has ended only if its device was read, and it is known that no process is on it that is not listed.
  init(from old: NodeState, to new: NodeState) {
    let before = Dictionary(old.sessions.map { (Key($0), $0) }) { first, _ in first }
    for session in new.sessions { marks[Key(session)] = SessionChanges.mark(session, before[Key(session)]) }
    let now = Set(new.sessions.map { Key($0) })
    let read = Set(new.inventory.readDevices.map(\.device))
    ended = old.sessions.filter {
      !now.contains(Key($0)) && read.contains($0.device) && new.hasNoOtherSession(on: $0.device)
    }
  }

  /// Returns the changes without ended sessions that the filter leaves out.
  func filtered(by filter: ShowFilter) -> SessionChanges {
    var result = self
    result.ended.removeAll { !filter.matches($0) }
    return result
  }

  /// The mark of a session of the later collection; `nil` if nothing has changed.
  func mark(of session: Session) -> Mark? { marks[Key(session)] }

  private static func mark(_ session: Session, _ before: Session?) -> Mark? {
    guard let before else { return .new }
    // The PID is another process's by now. Computed times of one start differ by less than a second.
    if let start = session.startTimeSeconds, let old = before.startTimeSeconds, abs(start - old) > 1 { return .new }
    return isOtherOwner(session, before) ? .otherOwner : nil
  }

  /// An owner that was not known before, or is not known now, may be the same one.
  private static func isOtherOwner(_ session: Session, _ before: Session) -> Bool {
    if let uid = session.owner.podUID, let old = before.owner.podUID { return uid != old }
    func words(_ session: Session) -> [String?] {
      let owner = session.owner
      return [owner.namespace, owner.pod, session.user ?? "", owner.unit ?? "", owner.slurmJobID ?? ""]
    }
    let (now, old) = (words(session), words(before))
    return now != old && now.contains { $0 != "" } && old.contains { $0 != "" }
  }
}
