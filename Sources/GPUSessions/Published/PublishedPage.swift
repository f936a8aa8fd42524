/// A page of metrics: the `/metrics` of a node, or what Prometheus' `/federate` says of all nodes.
struct PublishedPage {
  /// Why a page says nothing about sessions.
  enum Flaw: Error, Equatable {
    case empty
    /// The number of a line that is not of the format.
    case notMetrics(line: Int)
    /// There are metrics, and none of this program's.
    case foreign
  }

  /// What the samples say, node by node.
  private(set) var nodes: [NodeName: NodeSamples] = [:]
  /// How many lines could not be read, or are beyond the limits.
  private(set) var unreadableLines = 0
  /// The number of the first of them, from 1.
  private(set) var firstUnreadableLine: Int?
  /// How many lines are samples of others, or comments.
  private var otherLines = 0

  /// The most nodes of a page: memory stays within limits whatever the page says.
  static let nodeLimit = 10_000

  /// Reads a page. A line that cannot be read costs itself only.
  init(_ bytes: [UInt8]) throws(Flaw) {
    if bytes[...].trimming({ isBlank($0) || $0 == UInt8(ascii: "\n") }).isEmpty { throw .empty }
    for (offset, line) in bytes.lines().enumerated() where !take(line) {
      unreadableLines += 1
      if firstUnreadableLine == nil { firstUnreadableLine = offset + 1 }
    }
    // Other exporters have families like `gpu_utilization` too.
    nodes = nodes.filter { $0.value.isOurs }
    guard nodes.isEmpty else { return }
    if let firstUnreadableLine, unreadableLines > otherLines { throw .notMetrics(line: firstUnreadableLine) }
    throw .foreign
  }

  /// Takes one line. Returns `false` if it is not of the format.
  private mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
    let line = line.withoutLeadingBlanks
    guard let first = line.first else { return true }
    if first == UInt8(ascii: "#") {
      otherLines += 1
      return true
    }
    // A page has megabytes of other exporters' samples, of which only the ends are looked at.
    if !line.starts(with: "gpu_") { return skip(line) }
    let name = line.prefix { isMetricNameByte($0) }
    guard let read = publishedFamilies[name.text] else { return skip(line) }
    guard let sample = PublishedSample(afterName: line[name.endIndex...]) else { return false }
    let place = sample.labels.node
    if let node = nodes[place] { return node.take(sample, name.text, read) }
    if nodes.count == PublishedPage.nodeLimit { return false }
    let node = NodeSamples()
    nodes[place] = node
    return node.take(sample, name.text, read)
  }

  /// Passes over a sample of somebody else. Returns `false` if the line does not look like one.
  private mutating func skip(_ line: ArraySlice<UInt8>) -> Bool {
    let name = line.prefix { isMetricNameByte($0) }
    // Prometheus 3 has names in quotes behind the brace.
    guard name.isEmpty ? line.starts(with: "{\"") : !isDigit(line[line.startIndex]) else { return false }
    guard name.isEmpty || name.endIndex < line.endIndex, let last = line.trimmed.last else { return false }
    guard name.isEmpty || line[name.endIndex] == UInt8(ascii: "{") || isBlank(line[name.endIndex]) else {
      return false
    }
    guard isDigit(last) || line.trimmed.ends(with: "NaN") || line.trimmed.ends(with: "Inf") else { return false }
    otherLines += 1
    return true
  }
}
