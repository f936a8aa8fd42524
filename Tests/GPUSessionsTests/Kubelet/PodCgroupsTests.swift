import Testing

@testable import GPUSessions

@Suite struct PodCgroupsTests {
  private let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  private let id = String(repeating: "a", count: 64)
  private var slice: String { "kubepods-pod\(String(uid.map { $0 == "-" ? "_" : $0 })).slice" }

  /// The containers of the pod in a tree with these directories, each as its ID's first digit and its runtime.
  private func containers(_ paths: [String], failing: Set<String> = []) throws -> [String] {
    let files = Dictionary(paths.map { ("/cg/\($0)/cgroup.procs", "") }) { first, _ in first }
    let tree = FileTree(files: files, failing: failing)
    let cgroups = try #require(LivePods(host: tree.host, root: "/cg").find())
    return cgroups.containers(ofPod: try #require(PodUID(uid)), tree.host)
      .map { "\($0.containerID?.prefix(1) ?? "") \($0.runtime?.rawValue ?? "")" }.sorted()
  }

  @Test func eachFormOfAContainersCgroup() throws {
    let other = String(repeating: "b", count: 64)
    #expect(
      try containers([
        "kubepods.slice/\(slice)/cri-containerd-\(id).scope", "kubepods.slice/\(slice)/crio-\(other).scope",
      ])
        == ["a containerd", "b cri-o"])
    #expect(
      try containers(["kubepods/besteffort/pod\(uid)/\(id)", "kubepods/besteffort/pod\(uid)/docker-\(other)"])
        == ["a ", "b docker"])
    // Of version 1 the first hierarchy that has pods.
    #expect(try containers(["pids/kubepods/pod\(uid)/\(id)", "memory/kubepods/pod\(uid)/\(other)"]) == ["a "])
  }

  @Test func monitorsAndWhatLiesBelowAContainerAreNone() throws {
    let pod = "kubepods.slice/\(slice)"
    let other = String(repeating: "b", count: 64)
    #expect(try containers(["\(pod)/crio-conmon-\(id).scope", "\(pod)/init.scope"]) == [])
    #expect(try containers(["\(pod)/crio-\(id).scope/\(other)"]) == ["a cri-o"])
    #expect(
      try containers(["system.slice/containerd.service/\(slice):cri-containerd:\(id)/\(other)"]) == ["a containerd"]
    )
  }

  @Test func otherPodsAndUnreadableOnesShowNone() throws {
    let pod = "kubepods/pod\(uid)"
    #expect(try containers(["kubepods/pod00000000-d4aa-4885-a953-82976860b23a/\(id)"]) == [])
    #expect(try containers(["\(pod)/\(id)"], failing: ["/cg/\(pod)"]) == [])
  }
}
