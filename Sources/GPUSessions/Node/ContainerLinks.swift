/// The links in `/var/log/containers`, found by the container ID in their names.
///
/// The kubelet names them `<pod>_<namespace>_<container>-<64 hex digits>.log` and cuts names at 255 bytes, which takes
/// the ID away first (`pkg/kubelet/kuberuntime/legacy.go`). Each link is read at most once.
struct ContainerLinks: Sendable {
  private let names: [ArraySlice<UInt8>]
  private let readLink: @Sendable (_ name: ArraySlice<UInt8>) -> FileRead
  /// The index of the last name in each bucket, -1 for an empty one. The number that the first 8 digits of an ID are chooses
  /// the bucket: a node has thousands of links, only a few IDs are looked up, and their digits are a hash already.
  private var lastInBucket: [Int]
  /// For each name the index of the one before it in its bucket, -1 for the first one.
  private var before: [Int]
  private var targets: [Int: Target] = [:]
  /// Whether a link could not be read.
  private(set) var hasUnreadable = false
  /// The names of the links that have an ID, as far as the container's name; made at first use.
  private lazy var namesWithID = Set(names.filter { containerID(ofLink: $0) != nil }.map { nameWithoutID($0) })

  /// The most links that are read in a run. A node has two for each of its containers; a pod that may write to `/var/log` can
  /// add as many as it likes.
  private static let limit = 1 << 16

  /// What a link leads to.
  enum Target: Sendable {
    case container(ContainerLogPath)
    /// The link is gone, is no link, or does not lead to a container's log.
    case other
    case unreadable
  }

  init(names: [ArraySlice<UInt8>], readLink: @escaping @Sendable (_ name: ArraySlice<UInt8>) -> FileRead) {
    (self.names, self.readLink) = (names, readLink)
    lastInBucket = Array(repeating: -1, count: names.count)
    before = lastInBucket
    let slices = names.span
    for index in slices.indices {
      let stem = slices[index].span.extracting(droppingLast: 4)
      guard let number = firstDigits(stem.extracting(last: 64)) else { continue }
      before[index] = lastInBucket[number % names.count]
      lastInBucket[number % names.count] = index
    }
  }

  /// What the links with this container ID lead to.
  ///
  /// A link whose name begins with the name of the pod's `directory` is not read: no container of another pod has that
  /// name and that ID.
  mutating func targets(ofID id: String, in directory: PodLogDirectory?) -> [Target] {
    indices(ofID: id).map { index in
      directory.flatMap { container(namedBy: index, in: $0) }.map { .container($0) } ?? target(of: index)
    }
  }

  /// The indices of the names with this container ID.
  private func indices(ofID id: String) -> [Int] {
    guard !names.isEmpty, KubernetesNames.isContainerID(id.utf8Span.span),
      let number = firstDigits(id.utf8Span.span)
    else { return [] }
    var found: [Int] = []
    var index = lastInBucket[number % names.count]
    while index >= 0 {
      if isName(names[index], withID: id) { found.append(index) }
      index = before[index]
    }
    return found.reversed()
  }

  /// The containers that all links lead to; `nil` if a link cannot be read.
  mutating func all() -> [ContainerLogPath]? { containers(names.indices) }

  /// Whether one of 16 links from all over the list leads to a directory other than `/var/log/pods`.
  mutating func leadElsewhere() -> Bool {
    let step = max(1, names.count / 16)
    let sample = containers(stride(from: 0, to: names.count, by: step)) ?? []
    return sample.contains { !$0.isInUsualPlace }
  }

  /// The containers that the links without a whole ID lead to; `nil` if one of these links cannot be read.
  mutating func allWithoutID() -> [ContainerLogPath]? {
    containers(names.indices.filter { containerID(ofLink: names[$0]) == nil })
  }

  /// Whether the name of a link that has an ID names this container.
  mutating func hasID(for path: ContainerLogPath) -> Bool {
    let pod = path.directory.pod
    return namesWithID.contains(Array("\(pod.name)_\(pod.namespace)_\(path.container)".utf8)[...])
  }

  /// The container that the name of a link with an ID says, if it is one of this pod.
  private func container(namedBy index: Int, in directory: PodLogDirectory) -> ContainerLogPath? {
    let link = names[index]
    let name = link.span.extracting(droppingLast: lengthOfID)
    guard let parts = name.threeParts(separatedBy: UInt8(ascii: "_")) else { return nil }
    let container = name.extracting(parts.third)
    guard name.extracting(parts.first).equals(directory.pod.name),
      name.extracting(parts.second).equals(directory.pod.namespace), KubernetesNames.isLabel(container)
    else { return nil }
    return ContainerLogPath(directory: directory, container: container.text)
  }

  private mutating func containers(_ indices: some Sequence<Int>) -> [ContainerLogPath]? {
    var found: [ContainerLogPath] = []
    for index in indices {
      switch target(of: index) {
      case .container(let path): found.append(path)
      case .other: break
      case .unreadable: return nil
      }
    }
    return found
  }

  private mutating func target(of index: Int) -> Target {
    if let known = targets[index] { return known }
    if targets.count >= ContainerLinks.limit {
      hasUnreadable = true
      return .unreadable
    }
    let target: Target
    switch readLink(names[index]) {
    case .bytes(let bytes): target = ContainerLogPath(target: bytes).map { .container($0) } ?? .other
    case .absent: target = .other
    case .failed, .tooLong:
      hasUnreadable = true
      target = .unreadable
    }
    targets[index] = target
    return target
  }
}

/// The ID in the name of a link; `nil` if it is missing or not whole.
private func containerID(ofLink name: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  let stem = name.dropLast(4)
  let id = stem.suffix(64)
  guard name.ends(with: ".log"), stem.dropLast(64).last == UInt8(ascii: "-"), KubernetesNames.isContainerID(id)
  else { return nil }
  return id
}

/// The number that the first 8 digits of a container ID are; `nil` if there are fewer.
private func firstDigits(_ id: Span<UInt8>) -> Int? {
  let digits = id.extracting(first: 8)
  guard digits.count == 8, digits.areAll(isHexDigit) else { return nil }
  var number = 0
  for offset in digits.indices { number = number << 4 | Int(hexValue(digits[offset])) }
  return number
}

/// Whether this is the name of the link to a container with this ID, which has 64 digits.
private func isName(_ name: ArraySlice<UInt8>, withID id: String) -> Bool {
  let name = name.span
  let stem = name.extracting(droppingLast: 4)
  return name.ends(with: ".log") && stem.ends(with: id)
    && stem.extracting(droppingLast: 64).ends(with: "-")
}

/// The name of a link that has an ID, without `-<64 hex digits>.log`.
private func nameWithoutID(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> { name.dropLast(lengthOfID) }

/// The number of bytes of `-<64 hex digits>.log`.
private let lengthOfID = 69
