import Testing

@testable import GPUSessions

/// A file that is missing, torn or unreadable costs what it alone tells.
@Suite struct AllocationSourcesTests {
  private var node: AllocationNode {
    var node = AllocationNode()
    node.hand([("c", "GPU-0")])
    node.claim()
    return node
  }

  private func resources(_ node: AllocationNode) -> [String] { node.find().allocations.map(\.resource) }

  private func warnings(_ node: AllocationNode) -> [String] { node.find().report.warnings }

  @Test func allFilesAreThere() {
    #expect(resources(node) == ["r", "gpu.nvidia.com"] && warnings(node).isEmpty)
    #expect(node.find().report.stages.map(\.isSuccess) == [true])
  }

  @Test(arguments: [nil, "{", "{}"] as [String?])
  func theDriversFile(text: String?) {
    var node = node
    node.tree.files[AllocationNode.driver] = text
    let found = node.find()
    #expect(found.allocations.map(\.resource) == ["r"] && found.allocations.first?.deviceUUID == "GPU-0")
    #expect(found.report.problems[.allocationDeviceUnknown] == 1)
    #expect(found.report.stages.map(\.isSuccess) == [false])
    #expect(found.report.warnings.count == 1)
    let said = text == nil ? "is missing" : text == "{" ? "is incomplete or damaged" : "has a format"
    #expect(found.report.warnings.first?.contains("checkpoint.json \(said)") == true)
    #expect(found.report.warnings.first?.contains("the devices of 1 resource claim are not known") == true)
  }

  @Test func theDriversFileThatCannotBeRead() {
    var node = node
    node.tree.failing = [AllocationNode.driver]
    #expect(resources(node) == ["r"] && node.find().report.problems[.allocationDeviceUnknown] == 1)
    #expect(warnings(node).first?.contains("could not be read (permission denied)") == true)
    #expect(warnings(node).first?.contains("(run it as root)") == true)
  }

  @Test(arguments: ["{", "{}", #"{"Data":"{\"Claims\":[]}"}"#])
  func theKubeletsState(text: String) {
    var node = node
    node.tree.files[AllocationNode.state] = text
    let found = node.find()
    #expect(found.allocations.map(\.resource) == ["r"] && found.report.stages.map(\.isSuccess) == [false])
    #expect(
      found.report.warnings.map { $0.contains("it is not known which pods have resource claims") } == [true])
  }

  @Test(arguments: ["{", #"{"Data":"{\"Entries\":["}"#, #"{"Data":""}"#])
  func aTornStateIsNoOtherShape(text: String) {
    var node = node
    node.tree.files[AllocationNode.state] = text
    #expect(warnings(node).map { $0.contains("restart kubelet") } == [true])
  }

  @Test func claimsThatTheDriverHasPreparedNeedTheKubeletsState() {
    var node = node
    node.tree.files[AllocationNode.state] = nil
    let found = node.find()
    #expect(found.allocations.map(\.resource) == ["r"] && found.report.stages.map(\.isSuccess) == [false])
    #expect(
      found.report.warnings.map {
        $0.contains("dra_manager_state is missing: it is not known which pods have resource claims")
      }
        == [true])
    #expect(found.report.warnings.first?.contains("mount the kubelet's whole directory") == true)
    node.tree.files[AllocationNode.checkpoint] = nil
    #expect(node.find().report.stages.map(\.isSuccess) == [false] && node.find().report.remarks.isEmpty)
  }

  @Test(arguments: [
    nil, "{", #"{"v2":{}}"#, #"{"v2":{"preparedClaims":{"c":{"checkpointState":"PrepareStarted"}}}}"#,
  ])
  func withoutAPreparedClaimTheKubeletsStateNeedNotBeThere(text: String?) {
    var node = node
    node.tree.files[AllocationNode.state] = nil
    node.tree.files[AllocationNode.driver] = text
    #expect(resources(node) == ["r"] && warnings(node).isEmpty)
    #expect(node.find().report.stages.map(\.isSuccess) == [true])
  }

  @Test(arguments: ["", "{", "{}"])
  func theDevicePluginsCheckpoint(text: String) {
    var node = node
    node.tree.files[AllocationNode.checkpoint] = text
    let found = node.find()
    #expect(found.allocations.map(\.resource) == ["gpu.nvidia.com"])
    #expect(found.report.stages.map(\.isSuccess) == [false])
    #expect(
      found.report.warnings.map { $0.contains("it is not known which devices of device plugins the pods hold") }
        == [true])
  }

  @Test func eachLossHasItsOwnSentence() {
    var node = node
    node.tree.files[AllocationNode.checkpoint] = "{"
    node.tree.files[AllocationNode.driver] = nil
    #expect(node.find().allocations.isEmpty && warnings(node).count == 2)
  }

  @Test func withoutAClaimTheDriversFileNeedNotBeThere() {
    var node = node
    node.tree.files[AllocationNode.state] = #"{"Data":"{\"ClaimInfoStateList\":null}"}"#
    node.tree.files[AllocationNode.driver] = nil
    #expect(resources(node) == ["r"] && warnings(node).isEmpty)
  }

  @Test func whatTheDriverHasPreparedIsADeviceHoweverItIsSpelled() {
    var node = node
    node.tree.files[AllocationNode.driver] =
      #"{"v1":{"preparedClaims":{"c":{"preparedDevices":[{"devices":[{"gpu":{"info":{"uuid":"1"}}},{"x":{}}]}]}}}}"#
    #expect(resources(node) == ["r"] && node.find().report.problems[.allocationDeviceUnknown] == 2)
  }

  @Test func aPodWithASessionIsAliveWhereverItsCgroupLies() {
    var node = node
    node.tree.files["\(AllocationNode.cgroup)/cgroup.procs"] = nil
    node.tree.files["/sys/fs/cgroup/elsewhere.service/cgroup.procs"] = ""
    // Without a kubelet's branch nobody knows whether the pod is gone.
    #expect(resources(node).isEmpty && node.find().report.problems[.allocationStale] == 0)
    #expect(node.find().report.stages.map(\.isSuccess) == [false])
    node.tree.files["/sys/fs/cgroup/kubepods/cgroup.procs"] = ""
    #expect(resources(node).isEmpty && node.find().report.problems[.allocationStale] == 2)
    node.tree.files["/sys/fs/cgroup/kubepods/cgroup.procs"] = nil
    node.addSession("c")
    #expect(resources(node) == ["r", "gpu.nvidia.com"] && node.find().report.problems[.allocationStale] == 0)
    #expect(node.find().report.stages.map(\.isSuccess) == [true])
  }

  @Test func withoutTheCgroupTreeOnlySessionsProveLife() {
    var node = node
    node.tree.failing = ["/sys/fs/cgroup"]
    #expect(resources(node).isEmpty)
    node.addSession("c", uid: "00000000-d4aa-4885-a953-82976860b23a")
    #expect(resources(node).isEmpty)
    node.addSession("c")
    let found = node.find()
    #expect(found.allocations.count == 2 && found.report.stages.map(\.isSuccess) == [false])
    #expect(
      found.report.warnings.map { $0.contains("only allocations of pods with a session are published") } == [true])
    // Nobody knows whether the others are gone.
    node.sessions = []
    #expect(node.find().report.problems[.allocationStale] == 0)
  }
}
