/// The links of `/var/log/containers`, by the container IDs in their names; each is read at most once.
struct ContainerLinks: Sendable {
  let names: [[UInt8]]
  private let target: @Sendable (_ name: [UInt8]) -> FileRead
  /// Positions by the first digits of the ID, and those of further links with the same.
  private var first: [UInt64: Int] = [:]
  private var further: [UInt64: [Int]] = [:]
  /// Positions of the names that have no whole ID.
  private(set) var withoutID: [Int] = []
  private var answers: [Int: Answer] = [:]
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
    // That the name ends with an ID is known: it is whole.
    return positions.filter { names[$0].dropLast(4).suffix(64).isSame(as: wanted) }
  }

  /// The container that the link's name names, where it has an ID and begins with this pod's name.
  func containerName(_ position: Int, of pod: PodName) -> String? {
    guard let id = containerID(ofLink: names[position]) else { return nil }
    guard let name = names[position][..<(id.startIndex - 1)].after(pod.name)?.after(pod.namespace),
      KubernetesNames.isLabel(name)
    else { return nil }
    return name.text
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
  let digits = id.span
  var key: UInt64 = 0
  for place in 0..<min(16, digits.count) {
    // Of a letter the lower four bits are 1 to 6.
    let value = (digits[place] & 0x0F) &+ (digits[place] >> 6) &* 9
    key = key << 4 | UInt64(value)
  }
  return key
}

/// The ID in `<pod>_<namespace>_<container>-<64 hex>.log`; `nil` where it is not whole.
private func containerID(ofLink name: [UInt8]) -> ArraySlice<UInt8>? {
  guard name.count > 68, name[name.count - 69] == UInt8(ascii: "-"), name.ends(with: ".log") else { return nil }
  let id = name[(name.count - 68)..<(name.count - 4)]
  return KubernetesNames.isContainerID(id) ? id : nil
}

extension ArraySlice<UInt8> {
  /// What follows the text and a `_`; `nil` where it does not begin so.
  fileprivate func after(_ text: String) -> ArraySlice<UInt8>? {
    let rest = dropFirst(text.utf8.count)
    return rest.first == UInt8(ascii: "_") && starts(with: text) ? rest.dropFirst() : nil
  }
}
