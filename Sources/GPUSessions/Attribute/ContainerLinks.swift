/// The links of `/var/log/containers`, by the container IDs in their names; each is read at most once.
struct ContainerLinks: Sendable {
  let names: [[UInt8]]
  private let target: @Sendable (_ name: [UInt8]) -> FileRead
  /// Positions by the first digits of the ID, and those of further links with the same.
  private var first: [UInt64: Int] = [:]
  private var further: [UInt64: [Int]] = [:]
  /// Positions of the names that have no whole ID.
  private(set) var withoutID: [Int] = []
  private var answers: [Answer?]
  private(set) var hasUnreadable = false

  /// What one link leads to.
  enum Answer: Sendable {
    case container(LoggedContainer)
    /// Gone, no link, or not of a container's log.
    case nothing
    case unreadable
  }

  init(names: [[UInt8]], target: @escaping @Sendable (_ name: [UInt8]) -> FileRead) {
    (self.names, self.target) = (names, target)
    answers = Array(repeating: nil, count: names.count)
    first.reserveCapacity(names.count)
    for position in names.indices {
      guard let id = containerID(ofLink: names[position]) else {
        withoutID.append(position)
        continue
      }
      let key = key(id)
      if let earlier = first.updateValue(position, forKey: key) { further[key, default: []].append(earlier) }
    }
  }

  /// The links whose names end with this ID.
  func positions(_ id: String) -> [Int] {
    let wanted = Array(id.utf8)[...]
    guard KubernetesNames.isContainerID(wanted), let one = first[key(wanted)] else { return [] }
    let positions = further.isEmpty ? [one] : [one] + (further[key(wanted)] ?? [])
    return positions.filter { containerID(ofLink: names[$0])?.isSame(as: wanted) == true }
  }

  /// The container that the link's name names, where it has an ID and begins with this pod's name.
  func containerName(_ position: Int, of pod: PodName) -> String? {
    let name = names[position]
    guard let id = containerID(ofLink: name) else { return nil }
    var rest = name[..<(id.startIndex - 1)]
    for part in [pod.name, pod.namespace] {
      guard rest.starts(with: part) else { return nil }
      rest = rest.dropFirst(part.utf8.count)
      guard rest.popFirst() == UInt8(ascii: "_") else { return nil }
    }
    return KubernetesNames.isLabel(rest) ? rest.text : nil
  }

  /// The same as an answer, for which the link need not be read: no container of another pod has that ID and that name.
  func named(_ position: Int, of pod: LoggedPod) -> Answer? {
    containerName(position, of: pod.name).map { .container(LoggedContainer(pod: pod, container: $0)) }
  }

  /// What the links lead to; `nil` where one of them cannot be read.
  mutating func readAll(_ positions: some Sequence<Int>) -> [LoggedContainer]? {
    var found: [LoggedContainer] = []
    for position in positions {
      switch read(position) {
      case .container(let container): found.append(container)
      case .nothing: break
      case .unreadable: return nil
      }
    }
    return found
  }

  mutating func read(_ position: Int) -> Answer {
    if let known = answers[position] { return known }
    let answer: Answer
    switch target(names[position]) {
    case .bytes(let bytes): answer = LoggedContainer(target: bytes).map { .container($0) } ?? .nothing
    case .absent: answer = .nothing
    case .failed, .tooLong:
      hasUnreadable = true
      answer = .unreadable
    }
    answers[position] = answer
    return answer
  }
}

/// The first 16 of an ID's digits as a number.
private func key(_ id: ArraySlice<UInt8>) -> UInt64 {
  id.prefix(16).reduce(0) { $0 << 4 | UInt64($1 < UInt8(ascii: "a") ? $1 & 0x0F : $1 - UInt8(ascii: "a") + 10) }
}

/// The ID in `<pod>_<namespace>_<container>-<64 hex>.log`; `nil` where it is not whole.
private func containerID(ofLink name: [UInt8]) -> ArraySlice<UInt8>? {
  guard name.count > 68, name.ends(with: ".log") else { return nil }
  let start = name.count - 68
  let id = name[start..<start + 64]
  return name[start - 1] == UInt8(ascii: "-") && KubernetesNames.isContainerID(id) ? id : nil
}
