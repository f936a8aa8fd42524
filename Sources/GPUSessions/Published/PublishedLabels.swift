/// The labels of one sample, as far as this program knows their names.
struct PublishedLabels: Sendable {
  /// One label.
  struct Label: Sendable {
    /// The name without `exported_` in front.
    var name: String
    var value: String
    /// Whether the name has `exported_` in front.
    var isRenamed: Bool
  }

  private(set) var all: [Label] = []

  /// The labels that say where a sample is from. Prometheus adds them, or `--label`.
  private static let places: Set<String> = ["cluster", "instance", "node"]
  private static let known = ownLabelNames.union(places)

  /// Adds a label unless its name means nothing to this program. Returns `false` if the name is there already.
  ///
  /// If a target has a label of the same name, Prometheus renames ours by `exported_`.
  mutating func add(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
    let isRenamed = name.starts(with: "exported_")
    let name = (isRenamed ? name.dropFirst(9) : name).text
    if !PublishedLabels.known.contains(name) { return true }
    if all.contains(where: { $0.name == name && $0.isRenamed == isRenamed }) { return false }
    let text = value.text
    all.append(
      Label(
        name: name, value: PublishedLabels.places.contains(name) ? text.placeText : text.outsideText,
        isRenamed: isRenamed))
    return true
  }

  /// The value of a label of ours; empty if there is none, which is the same to Prometheus.
  subscript(name: String) -> String { renamed(name) ?? plain(name) ?? "" }

  /// The value under the name with `exported_` in front; `nil` if there is none.
  func renamed(_ name: String) -> String? { all.first { $0.isRenamed && $0.name == name }?.value }

  /// The value under the name itself, which may be the target's; `nil` if there is none.
  func plain(_ name: String) -> String? { all.first { !$0.isRenamed && $0.name == name }?.value }

  /// The device that the label `gpu` names, `0` or `0_2_1`; `nil` if it names none.
  var device: Device? {
    let numbers = Array(self["gpu"].utf8)[...].fields(separatedBy: UInt8(ascii: "_"), maxSplits: 3).map(\.integer)
    guard let gpu = numbers[0] else { return nil }
    if numbers.count == 1 { return Device(gpu: gpu) }
    guard numbers.count == 3, let gpuInstance = numbers[1], let computeInstance = numbers[2] else { return nil }
    return Device(gpu: gpu, instance: InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance))
  }

  /// The node that the sample is about.
  ///
  /// `node` is used before `instance`, which is the address of an exporter. If the metrics went through two Prometheus
  /// servers, `exported_instance` is the exporter's and `instance` the first server's.
  var node: NodeName {
    NodeName(
      cluster: plain("cluster") ?? renamed("cluster") ?? "",
      name: plain("node") ?? renamed("node") ?? renamed("instance") ?? plain("instance") ?? "")
  }
}

/// The name of a node, as published metrics have it.
struct NodeName: Hashable, Comparable, Sendable {
  /// Empty if the metrics name no cluster.
  var cluster = ""
  /// Empty if the metrics name no node, as the `/metrics` of a node itself.
  var name = ""

  static func < (left: NodeName, right: NodeName) -> Bool {
    (left.cluster, left.name) < (right.cluster, right.name)
  }
}

extension String {
  /// The name of a node or a cluster as it is printed. It is not cut, because two nodes may differ at the end.
  fileprivate var placeText: String { utf8Span.span.isPlain ? self : printable }
}
