/// The links of `/var/log/containers`, by the container IDs in their names; each is read at most once.
struct ContainerLinks: Sendable {
  private(set) var names: [ArraySlice<UInt8>]
  private let target: @Sendable (_ name: ArraySlice<UInt8>) -> FileRead
  /// Positions by what stands in the place of an ID; whether it is one is seen when one is asked for.
  private var withID: PositionTable
  private var answers: [Int: Answer] = [:]
  private(set) var hasUnreadable = false

  /// What one link leads to.
  enum Answer: Sendable {
    case container(ContainerLogPath)
    /// Gone, no link, or not of a container's log.
    case nothing
    case unreadable
  }

  init(names: [ArraySlice<UInt8>], target: @escaping @Sendable (_ name: ArraySlice<UInt8>) -> FileRead) {
    (self.names, self.target) = (names, target)
    withID = PositionTable(count: names.count)
    for position in names.indices {
      let name = names[position]
      let bytes = name.span
      if bytes.count >= 68 { withID.add(position, key(bytes, bytes.count - 68)) }
    }
  }

  /// Gives back the names and what the links led to.
  mutating func forget() { (names, withID, answers) = ([], PositionTable(count: 0), [:]) }

  /// Positions of the names that have no whole ID.
  var withoutID: [Int] { names.indices.filter { containerID(ofLink: names[$0]) == nil } }

  /// The links whose names end with this ID.
  func positions(_ id: String) -> [Int] {
    let wanted = Array(id.utf8)[...]
    guard KubernetesNames.isContainerID(wanted) else { return [] }
    var positions: [Int] = []
    withID.forEach(key(wanted.span, 0)) { position in
      if containerID(ofLink: names[position])?.isSame(as: wanted) ?? false { positions.append(position) }
    }
    return positions
  }

  /// The position of the only such name; `nil` where there is none, or another one.
  func onlyPosition(_ id: String) -> Int? {
    guard id.utf8.count == 64 else { return nil }
    let wanted = id.utf8Span.span
    var (found, count) = (0, 0)
    withID.forEach(key(wanted, 0)) { position in
      if let id = containerID(ofLink: names[position]), id.span.starts(with: wanted) {
        (found, count) = (position, count + 1)
      }
    }
    return count == 1 ? found : nil
  }

  /// The container that the link's name names, where it has an ID and begins with this pod's name.
  func containerName(_ position: Int, of pod: PodName) -> String? {
    let link = names[position]
    guard let id = containerID(ofLink: link),
      let name = link[..<(id.startIndex - 1)].after(pod.name)?.after(pod.namespace),
      KubernetesNames.isLabel(name)
    else { return nil }
    return name.text
  }

  /// The same as an answer, for which the link need not be read: no container of another pod has that ID and that name.
  func named(_ position: Int, of pod: PodLogDirectory) -> Answer? {
    containerName(position, of: pod.name).map { .container(ContainerLogPath(pod: pod, container: $0)) }
  }

  /// What the links lead to; `nil` where one of them cannot be read.
  mutating func readAll(_ positions: some Sequence<Int>) -> [ContainerLogPath]? {
    var found: [ContainerLogPath] = []
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
    case .bytes(let bytes): answer = ContainerLogPath(target: bytes).map { .container($0) } ?? .nothing
    case .absent: answer = .nothing
    case .failed, .tooLong:
      hasUnreadable = true
      answer = .unreadable
    }
    answers[position] = answer
    return answer
  }
}

/// The key of the first 16 digits of an ID, or of what stands in the place of one.
private func key(_ bytes: borrowing Span<UInt8>, _ id: Int) -> UInt64 {
  bytes.eight(at: id) &* 31 ^ bytes.eight(at: id + 8)
}

/// The ID in `<pod>_<namespace>_<container>-<64 hex>.log`; `nil` where it is not whole.
private func containerID(ofLink name: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  let bytes = name.span
  guard bytes.count > 68, bytes[bytes.count - 69] == UInt8(ascii: "-"),
    bytes.eight(at: bytes.count - 8) >> 32 == dotLog
  else { return nil }
  let id = name[(name.endIndex - 68)..<(name.endIndex - 4)]
  return KubernetesNames.isContainerID(id) ? id : nil
}

/// `.log`, the first byte lowest.
private var dotLog: UInt64 {
  UInt64(UInt8(ascii: ".")) | UInt64(UInt8(ascii: "l")) << 8 | UInt64(UInt8(ascii: "o")) << 16
    | UInt64(UInt8(ascii: "g")) << 24
}

extension ArraySlice<UInt8> {
  /// What follows the text and a `_`; `nil` where it does not begin so.
  fileprivate func after(_ text: String) -> ArraySlice<UInt8>? {
    let rest = dropFirst(text.utf8.count)
    return rest.first == UInt8(ascii: "_") && starts(with: text) ? rest.dropFirst() : nil
  }
}
