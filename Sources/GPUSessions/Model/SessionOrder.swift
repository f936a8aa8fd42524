/// The order of the sessions on a device. Sessions of which the value is not known come last.
package enum SessionOrder: String, Sendable, CaseIterable {
  /// The most memory first.
  case memory
  /// The oldest first.
  case age
  /// The busiest first, by the share of time in which a kernel ran.
  case utilization

  /// The higher, the earlier; `nil` if it is not known.
  private func rank(_ session: Session) -> Double? {
    switch self {
    case .memory: session.memoryBytes.map { Double($0) }
    case .age: session.startTimeSeconds.map { -$0 }
    case .utilization: session.utilization.sm
    }
  }

  /// Whether a session comes before another one of the same device. Equal ones are in the order of their PIDs.
  fileprivate func isBefore(_ left: Session, _ right: Session) -> Bool {
    let (leftRank, rightRank) = (rank(left) ?? -.infinity, rank(right) ?? -.infinity)
    return leftRank == rightRank ? left.pid < right.pid : leftRank > rightRank
  }
}

extension Outcome {
  /// Returns the outcome with the sessions of its node sorted.
  package func sorted(by order: SessionOrder?) -> Outcome {
    guard case .collected(let node, let report) = self else { return self }
    return .collected(node.sorted(by: order), report)
  }
}

extension NodeState {
  /// Returns the node with its sessions sorted by device and then in this order; as it is for `nil`.
  package func sorted(by order: SessionOrder?) -> NodeState {
    guard let order else { return self }
    var result = self
    result.sessions.sort { $0.device == $1.device ? order.isBefore($0, $1) : $0.device < $1.device }
    return result
  }
}
