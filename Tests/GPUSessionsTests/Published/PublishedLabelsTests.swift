import Testing

@testable import GPUSessions

@Suite struct PublishedLabelsTests {
  private func labels(_ pairs: (String, String)...) -> PublishedLabels {
    pairs.reduce(into: PublishedLabels()) { _ = $0.add(octets($1.0)[...], octets($1.1)[...]) }
  }

  @Test func `a renamed label is ours, the other one the target's`() {
    let both = labels(("pod", "exporter"), ("exported_pod", "train-0"))
    #expect(both["pod"] == "train-0" && both.plain("pod") == "exporter" && both["namespace"] == "")
  }

  @Test func `labels that mean nothing here are not kept`() {
    #expect(labels(("job", "x"), ("endpoint", "y"), ("exported_job", "z")).all.isEmpty)
  }

  @Test(arguments: [
    ("0", Device(gpu: 0)), ("12", Device(gpu: 12)),
    ("0_2_1", Device(gpu: 0, instance: InstanceID(gpuInstance: 2, computeInstance: 1))),
  ])
  func `a device is read as it is written`(label: String, device: Device) {
    #expect(labels(("gpu", label)).device == device && device.label == label)
  }

  @Test(arguments: ["", "x", "-1", "0_1", "0_1_2_3", "0__1", "99999999999999999999", "0_1_99999999999999999999"])
  func `what names no device is none`(label: String) { #expect(labels(("gpu", label)).device == nil) }

  @Test func `a node is named by node, else by the exporter's address`() {
    #expect(
      labels(("instance", "a:9100"), ("node", "n1"), ("cluster", "eu")).node == NodeName(cluster: "eu", name: "n1"))
    #expect(labels(("instance", "a:9100")).node == NodeName(name: "a:9100"))
    #expect(
      labels(("instance", "prometheus:9090"), ("exported_instance", "a:9100")).node == NodeName(name: "a:9100"))
    #expect(labels().node == NodeName())
  }

  @Test func `long names of nodes are kept whole and cleaned`() {
    let long = String(repeating: "n", count: 250)
    #expect(labels(("node", long)).node.name == long)
    #expect(labels(("node", "a\u{1B}b")).node.name == "a\u{FFFD}b")
  }
}

@Suite struct OwnLabelsTests {
  private func own(_ target: [String: Set<String>], _ pairs: (String, String)...) -> [String] {
    let labels = pairs.reduce(into: PublishedLabels()) { _ = $0.add(octets($1.0)[...], octets($1.1)[...]) }
    let own = OwnLabels(labels, target)
    return ["namespace", "pod", "container"].map { own[$0] }
  }

  /// Of a pod of ours. It is known wherever the pod is.
  private let uid = ("pod_uid", "02e80cad-3085-4297-89fa-bef683c3d2f6")
  private let exporter: [String: Set<String>] = [
    "namespace": ["monitoring"], "pod": ["exporter-x"], "container": ["node-exporter"],
  ]

  @Test func `without labels of the target ours are as published`() {
    #expect(
      own([:], uid, ("namespace", "ml"), ("pod", "train-0"), ("container", "main")) == ["ml", "train-0", "main"])
  }

  /// A page with sessions alone has no sample that shows the target's labels.
  @Test func `a pod without its UID is the target's`() {
    let plain = [("namespace", "monitoring"), ("pod", "exporter-x"), ("container", "node-exporter")]
    #expect(own([:], plain[0], plain[1], plain[2]) == ["", "", ""])
    #expect(own([:], ("container", "main")) == ["", "", "main"])
  }

  @Test func `the pod of node-exporter is never the owner of a session`() {
    let plain = [("namespace", "monitoring"), ("pod", "exporter-x"), ("container", "node-exporter")]
    let renamed = [("exported_namespace", "ml"), ("exported_pod", "train-0"), ("exported_container", "main")]
    #expect(
      own(exporter, plain[0], plain[1], plain[2], renamed[0], renamed[1], renamed[2]) == ["ml", "train-0", "main"])
    #expect(own(exporter, plain[0], plain[1], plain[2]) == ["", "", ""])
    // A pod of which only the UID is known has no namespace.
    #expect(own(exporter, plain[0], plain[1], plain[2], renamed[1]) == ["", "train-0", ""])
    // A container outside of pods.
    #expect(own(exporter, plain[0], plain[1], plain[2], renamed[2]) == ["", "", "main"])
  }

  @Test func `with honorLabels ours win, also in the exporter's namespace`() {
    #expect(
      own(exporter, uid, ("namespace", "monitoring"), ("pod", "train-0"), ("container", "main"))
        == ["monitoring", "train-0", "main"])
    #expect(own(exporter, ("container", "node-exporter")) == ["", "", "node-exporter"])
    #expect(own(exporter) == ["", "", ""])
  }
}
