import Testing

@testable import GPUSessions

/// The kubelet lists a device for an init container and for the container that took it over as long as the pod lives.
@Suite struct DeviceHandoversTests {
  /// A pod whose container `app` took over what `warm` had.
  private var node: AllocationNode {
    var node = AllocationNode()
    node.hand([("warm", "GPU-0"), ("app", "GPU-0")])
    node.name("p", containers: ["warm", "app"])
    return node
  }

  /// The name of a container's cgroup, by a pattern.
  private static func cgroup(_ pattern: String, _ container: String) -> String {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    return parts.joined(separator: AllocationNode.id(container))
  }

  private func run(_ node: inout AllocationNode, _ container: String, pattern: String = "*") {
    let name = DeviceHandoversTests.cgroup(pattern, container)
    node.tree.files["\(AllocationNode.cgroup)/\(name)/cgroup.procs"] = ""
  }

  @Test(arguments: ["*", "cri-containerd-*.scope", "crio-*.scope", "crio-*", "docker-*.scope"])
  func theContainerWithACgroupHoldsIt(pattern: String) {
    var node = node
    run(&node, "app", pattern: pattern)
    run(&node, "pause", pattern: pattern)
    #expect(node.holders == ["app"])
    var starting = self.node
    run(&starting, "warm", pattern: pattern)
    #expect(starting.holders == ["warm"])
  }

  @Test func theContainerWithASessionHoldsIt() {
    var node = node
    node.addSession("app")
    #expect(node.holders == ["app"])
    // A session of another pod says nothing.
    node.sessions = []
    node.addSession("app", uid: "00000000-d4aa-4885-a953-82976860b23a")
    #expect(node.holders == ["app", "warm"])
  }

  @Test func whereNoneRunsAllHoldIt() {
    var node = node
    run(&node, "pause")
    #expect(node.holders == ["app", "warm"])
    run(&node, "warm")
    run(&node, "app")
    #expect(node.holders == ["app", "warm"])
  }

  @Test func whereNoContainerIsNamedAllHoldIt() {
    var node = node
    run(&node, "app")
    for path in node.tree.files.keys where path.hasPrefix("/var/log/") { node.tree.files[path] = nil }
    #expect(node.holders == ["app", "warm"])
  }

  @Test func aLinkThatLostItsIDDoesNotNameTheSandbox() {
    var node = node
    run(&node, "pause")
    run(&node, "app")
    node.tree.files["/var/log/containers/p_ml_warm-\(AllocationNode.id("warm")).log"] = nil
    node.tree.files["/var/log/containers/p_ml_warm"] = ""
    #expect(node.holders == ["app"])
  }

  @Test func conmonIsNoContainer() {
    var node = node
    run(&node, "app", pattern: "crio-*.scope")
    run(&node, "warm", pattern: "crio-conmon-*.scope")
    #expect(node.holders == ["app"])
  }

  @Test func namesBelowAContainerAreNotBelieved() {
    var node = node
    run(&node, "app")
    run(&node, "app", pattern: "*/\(AllocationNode.id("warm"))")
    #expect(node.holders == ["app"])
    // With cgroupfs below systemd each container's cgroup lies beside the pod's.
    var colon = self.node
    let slice =
      "/sys/fs/cgroup/system.slice/containerd.service/kubepods-pod\(AllocationNode.uid).slice:cri-containerd"
    colon.tree.files["\(slice):\(AllocationNode.id("app"))/\(AllocationNode.id("warm"))/cgroup.procs"] = ""
    #expect(colon.holders == ["app"])
  }

  @Test func eachReplicaIsJudgedAlone() {
    var node = node
    node.hand([("warm", "GPU-0::1"), ("app", "GPU-0::1"), ("side", "GPU-0::2"), ("warm", "GPU-0::3")])
    run(&node, "app")
    #expect(node.holders == ["app", "side", "warm"])
    #expect(node.find().allocations.map(\.replicas) == [1, 1, 1])
  }

  @Test func aClaimIsNotHandedOn() {
    var node = node
    node.hand([("warm", "GPU-1"), ("app", "GPU-1")])
    node.claim()
    run(&node, "app")
    #expect(node.find().allocations.map { "\($0.resource) \($0.container)" } == ["gpu.nvidia.com ", "r app"])
  }

  @Test func theRuntimesFilesNameContainersToo() {
    var node = node
    for path in node.tree.files.keys where path.hasPrefix("/var/log/") { node.tree.files[path] = nil }
    run(&node, "app")
    let tasks = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"
    node.tree.files["\(tasks)/\(AllocationNode.id("app"))/config.json"] =
      #"{"annotations":{"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":"app","#
      + #""io.kubernetes.cri.sandbox-name":"p","io.kubernetes.cri.sandbox-namespace":"ml"}}"#
    #expect(node.holders == ["app"])
    // A file of another pod names none.
    node.tree.files["\(tasks)/\(AllocationNode.id("app"))/config.json"] =
      #"{"annotations":{"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":"app","#
      + #""io.kubernetes.cri.sandbox-uid":"00000000-d4aa-4885-a953-82976860b23a"}}"#
    #expect(node.holders == ["app", "warm"])
  }

  @Test func thePodsCgroupIsListedOnlyWhereADeviceIsShared() {
    var node = node
    run(&node, "app")
    let listed = ListedDirectories()
    #expect(node.find(listed: listed).allocations.count == 1)
    #expect(listed.paths.count { $0 == AllocationNode.cgroup } == 1)
    node.hand([("warm", "GPU-0"), ("app", "GPU-1"), ("side", "GPU-0::1")])
    listed.paths = []
    #expect(node.find(listed: listed).allocations.count == 3)
    #expect(!listed.paths.contains(AllocationNode.cgroup) && listed.paths.contains("/sys/fs/cgroup/kubepods"))
  }
}
