import GPUSessions
import Testing

/// Sources that name a pod or container differently: which is believed, and that it is counted.
@Suite struct NameDisputesTests {
  private static let uid = FakeHost.podUID
  private static let otherUID = "eab5a334-93fe-48a8-b139-9e8079c1f163"
  private static let id = FakeHost.containerID

  /// Adds a link of the pod's container to the log directory.
  private func addLink(_ node: FakeHost, _ name: String, to target: String) {
    let own = "sweep-0_team-a_main-\(Self.id).log"
    let link = "\(name)-\(Self.id).log"
    node.directories["/var/log/containers"] = .names([own, link])
    node.links["/var/log/containers/" + link] = "/var/log/pods/" + target
  }

  /// Pod, namespace and container of the only session, the number of conflicts, and that of pods without a name.
  private func published(_ node: FakeHost) -> [String] {
    let file = FakeRun(node).file
    let row = file.rows("gpu_process_info").first ?? ""
    let values = ["pod", "namespace", "container"].map { label in
      row.split(separator: "\(label)=\"").dropFirst().first?.prefix { $0 != "\"" }.description ?? ""
    }
    return values + ["attribution_conflict", "pod_name_unknown"].map { file.problems($0) ?? "" }
  }

  @Test(arguments: [
    ("sweep-0_team-a_side", "team-a_sweep-0_\(uid)/side/0.log"), ("x_y_z", "team-a_sweep-0_\(uid)/side/0.log"),
    ("x_y_z", "team-a_other_\(otherUID)/main/0.log"), ("x_y_z", "team-a_other_\(uid)/main/0.log"),
  ])
  func `a second link takes the container's name away, and is counted`(name: String, target: String) {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    #expect(published(node) == ["sweep-0", "team-a", "main", "0", "0"])
    addLink(node, name, to: target)
    #expect(published(node) == ["sweep-0", "team-a", "", "1", "0"])
    node.addBundle(pod: "sweep-0", container: nil)
    #expect(published(node) == ["sweep-0", "team-a", "", "1", "0"])
    node.addBundle(pod: "sweep-0")
    #expect(published(node).prefix(3) == ["sweep-0", "team-a", "main"])
  }

  @Test func `a second link that agrees or names nothing takes nothing away`() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    for target in ["team-a_sweep-0_\(Self.uid)/main/1.log", "nothing"] {
      addLink(node, "x_y_z", to: target)
      #expect(published(node) == ["sweep-0", "team-a", "main", "0", "0"], "\(target)")
    }
  }

  @Test func `the runtime's file wins over the logs, and the dispute is counted`() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.addBundle(pod: "real")
    #expect(published(node) == ["real", "team-a", "main", "1", "0"])
    node.directories["/var/log/pods"] = .names(["team-a_a_\(Self.uid)", "team-a_b_\(Self.uid)"])
    #expect(published(node) == ["real", "team-a", "main", "1", "0"])
    node.directories["/var/log/pods"] = .names(["team-a_real_\(Self.uid)"])
    #expect(published(node) == ["real", "team-a", "main", "0", "0"])
  }

  @Test func `the runtime's name of a container wins over that of its only link`() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    let link = "sweep-0_team-a_side-\(Self.id).log"
    node.directories["/var/log/containers"] = .names([link])
    #expect(published(node).prefix(3) == ["sweep-0", "team-a", "side"])
    node.addBundle(pod: "sweep-0")
    #expect(published(node).prefix(3) == ["sweep-0", "team-a", "main"])
  }

  @Test func `logs that contradict themselves name nothing`() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.directories["/var/log/pods"] = .names(["team-a_a_\(Self.uid)", "team-a_b_\(Self.uid)"])
    #expect(published(node) == ["pod-\(Self.uid)", "", "", "1", "1"])
  }

  @Test func `a runtime's file of another pod costs the names`() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.addBundle(pod: "victim", uid: Self.otherUID)
    #expect(published(node) == ["pod-\(Self.uid)", "", "", "1", "1"])
  }

  @Test func `a pod is counted once, however many processes and devices it has`() {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [.init(pid: 100), .init(gpu: 1, pid: 101)])
    node.addBundle(pod: "real")
    addLink(node, "sweep-0_team-a_side", to: "team-a_sweep-0_\(Self.uid)/side/0.log")
    node.setCheckpoint("\"\(FakeGPU(index: 0).uuid)\"")
    #expect(published(node) == ["real", "team-a", "main", "1", "0"])
    node.addBundle(pod: "real", container: nil)
    #expect(published(node) == ["real", "team-a", "", "1", "0"])
  }

  @Test func `the index notes the pod whose container is disputed`() throws {
    let pods = try [Self.uid, Self.otherUID].map { try #require(PodUID($0)) }
    let links = [
      "a_ml_main-\(Self.id).log": "/var/log/pods/ml_a_\(Self.uid)/main/0.log",
      "a_ml_side-\(Self.id).log": "/var/log/pods/ml_a_\(Self.uid)/side/0.log",
    ]
    for names in [[], ["ml_a_\(Self.uid)"]] as [[String]] {
      let directories = names.map { octets($0)[...] }
      var logs = PodLogIndex(podDirectories: directories, linkNames: links.keys.map { octets($0)[...] }) { name in
        links[String(decoding: name, as: UTF8.self)].map { .bytes(octets($0)) } ?? .absent
      }
      #expect(
        logs.container(podUID: pods[1], containerID: String(Self.id.reversed())) == nil && logs.disputes.isEmpty)
      #expect(logs.container(podUID: pods[0], containerID: Self.id) == nil && logs.disputes == [pods[0]])
    }
  }
}
