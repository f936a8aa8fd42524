import Testing

@testable import GPUSessions

/// Pods whose containers lie in no pod's cgroup, below no branch of a kubelet.
@Suite struct PodsElsewhereTests {
  private let gone = "00000000-d4aa-4885-a953-82976860b23a"

  /// The pod's container `main` has a cgroup, which its bundle names; another pod holds `GPU-1`.
  private var node: AllocationNode {
    var node = AllocationNode()
    node.tree.files["\(AllocationNode.cgroup)/cgroup.procs"] = nil
    node.addContainer("main")
    node.hand([("main", "GPU-0")])
    node.tree.files[AllocationNode.checkpoint] = node.tree.files[AllocationNode.checkpoint]?.replacing(
      "[{",
      with: #"[{"PodUID":"\#(gone)","ContainerName":"c","ResourceName":"r","DeviceIDs":["GPU-1"]},{"#)
    return node
  }

  @Test func `where each container is known the other pod is gone`() {
    let found = node.find()
    #expect(found.allocations.map(\.container) == ["main"] && found.report.problems[.allocationStale] == 1)
    #expect(found.report.stages.map(\.isSuccess) == [true])
  }

  @Test func `a container that nothing names may be the other pod's`() {
    var node = node
    node.tree.files["/sys/fs/cgroup/\(AllocationNode.id("x"))/cgroup.procs"] = ""
    let found = node.find()
    #expect(found.allocations.map(\.container) == ["main"] && found.report.problems[.allocationStale] == 0)
    #expect(found.report.stages.map(\.isSuccess) == [false])
    #expect(found.report.warnings.map { $0.contains("does not show the node's pods") } == [true])
    node.addSession("c", uid: gone)
    #expect(node.find().report.stages.map(\.isSuccess) == [true], "each pod is found")
  }

  @Test func `a container that Docker names is no pod's`() {
    var node = node
    let id = AllocationNode.id("x")
    node.tree.files["/sys/fs/cgroup/system.slice/docker-\(id).scope/cgroup.procs"] = ""
    #expect(node.find().report.problems[.allocationStale] == 0)
    node.tree.files["/var/lib/docker/containers/\(id)/config.v2.json"] = #"{"Name":"/plain"}"#
    let found = node.find()
    #expect(found.report.problems[.allocationStale] == 1 && found.report.stages.map(\.isSuccess) == [true])
  }

  @Test func `a kubelet's branch proves that a pod is gone`() {
    var node = node
    node.tree.files["/sys/fs/cgroup/\(AllocationNode.id("x"))/cgroup.procs"] = ""
    node.tree.files["/sys/fs/cgroup/kubepods/cgroup.procs"] = ""
    #expect(node.find().report.problems[.allocationStale] == 1)
  }

  @Test func `a tree that is too deep costs no pod of the usual branches`() {
    var node = node
    node.tree.files["\(AllocationNode.cgroup)/cgroup.procs"] = ""
    node.tree.files["/sys/fs/cgroup/" + String(repeating: "x/", count: 9) + "a"] = ""
    let found = node.find()
    #expect(found.allocations.map(\.container) == ["main"] && found.report.problems[.allocationStale] == 0)
    #expect(found.report.stages.map(\.isSuccess) == [false])
  }

  @Test func `an init container has handed on what a container elsewhere holds`() {
    var node = node
    node.hand([("init", "GPU-0"), ("main", "GPU-0")])
    #expect(node.holders == ["main"])
  }

  @Test func `the tree is walked once where the kubelet has no file`() {
    var node = AllocationNode()
    node.tree.files[AllocationNode.checkpoint] = nil
    node.tree.files["/var/lib/kubelet/pods/log"] = ""
    let listed = ListedDirectories()
    #expect(node.find(listed: listed).report.remarks.count == 1)
    let cgroups = listed.paths.filter { $0.hasPrefix("/sys/fs/cgroup") }
    #expect(!cgroups.isEmpty && Set(cgroups).count == cgroups.count)
  }
}
