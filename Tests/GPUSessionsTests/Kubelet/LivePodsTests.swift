import Testing

@testable import GPUSessions

@Suite struct LivePodsTests {
  private let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  private var escaped: String { String(uid.map { $0 == "-" ? "_" : $0 }) }

  private func live(
    _ paths: [String], failing: Set<String> = [], _ extent: LivePods.Extent = .usualBranches
  ) -> Set<String>? {
    find(paths, failing: failing, extent).map { Set($0.uids.map(\.text)) }
  }

  private func find(
    _ paths: [String], failing: Set<String> = [], _ extent: LivePods.Extent
  ) -> PodCgroups? {
    let files = Dictionary(paths.map { ("/cg/" + $0, "") }) { first, _ in first }
    let tree = FileTree(files: files, failing: Set(failing.map { "/cg" + $0 }))
    return LivePods(host: tree.host, root: "/cg").find(extent)
  }

  @Test(arguments: [
    "kubepods.slice/kubepods-podU.slice", "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podU.slice",
    "kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podU.slice", "kubepods/podU", "kubepods/besteffort/podU",
    "kubelet/kubepods/podU", "system.slice/containerd.service/kubepods-podU.slice:cri-containerd:ID",
  ])
  func shapes(path: String) {
    let isPlain = path.contains("kubepods/")
    let id = String(repeating: "a", count: 64)
    let pod = path.split(separator: "U", omittingEmptySubsequences: false).joined(
      separator: isPlain ? uid : escaped)
    let whole = pod.hasSuffix("ID") ? pod.dropLast(2) + id : pod[...]
    #expect(live(["cgroup.controllers", "\(whole)/cgroup.procs"]) == [uid])
    #expect(live(["cpuset/cgroup.procs", "pids/cgroup.procs", "memory/\(whole)/cgroup.procs"]) == [uid])
  }

  @Test func `a container in one hierarchy hides no pod in another`() {
    let container = "system.slice/docker-\(String(repeating: "a", count: 64)).scope/a"
    let found = find(["pids/\(container)", "memory/\(container)", "memory/kubepods/pod\(uid)/a"], .everywhere)
    #expect(found?.uids.map(\.text) == [uid] && found?.branches == ["/cg/memory/kubepods"])
    #expect(found?.containers.count == 1)
  }

  @Test func unreadableTreesAreNoEmptyTrees() {
    #expect(live([]) == nil)
    #expect(live(["README"]) == nil)
    #expect(live(["cgroup.controllers"], failing: [""]) == nil)
    #expect(live(["cgroup.controllers", "kubepods/podX/a"], failing: ["/kubepods"]) == nil)
    #expect(live(["cgroup.controllers", "cgroup.type"]) == nil)
    #expect(live(["cgroup.controllers", "cgroup.type", "kubelet/kubepods/pod\(uid)/a"]) == [uid])
    #expect(live(["cgroup.controllers"]) == [])
  }

  @Test func whatUsersMayNameIsNotBelieved() {
    let pod = "kubepods.slice/kubepods-pod\(escaped).slice"
    let other = "pod00000000-0000-0000-0000-000000000000"
    #expect(live(["cgroup.controllers", "user.slice/user-1000.slice/\(pod)/a"]) == [])
    #expect(live(["cgroup.controllers", "\(pod)/kubepods/\(other)/a"]) == [uid])
    #expect(live(["cgroup.controllers", "system.slice/own.service/kubepods/\(other)/a"]) == [])
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "kubepods/", count: 40)
    #expect(live(["cgroup.controllers", "\(deep)pod\(uid)/a"]) == [])
  }

  // MARK: Moved roots

  @Test(arguments: [
    "container.slice/container-kubepods.slice/container-kubepods-podU.slice", "site/kubepods/burstable/podP",
    "my.root/kubepods/podP", "a.slice/a-b.slice/a-b-kubepods.slice/a-b-kubepods-podU.slice",
  ])
  func `a kubelet with a root of its own is found in the whole tree`(path: String) throws {
    let path = path.replacing("podU", with: "pod\(escaped)").replacing("podP", with: "pod\(uid)")
    #expect(live(["cgroup.controllers", path + "/a"]) == [])
    #expect(live(["cgroup.controllers", path + "/a"], .everywhere) == [uid])
    let branch = try #require(find(["memory/\(path)/a", "pids/tasks"], .everywhere)?.branches.first)
    #expect(branch.hasPrefix("/cg/memory/") && branch.contains("kubepods"))
  }

  @Test(arguments: [
    "user.slice/user-1000.slice/x", "user-5.slice", "machine.slice/x", "a.service", "a.scope", "lxc.payload.x",
    "lxc/x",
    "docker/x", "slurm/uid_0", "pbs_jobs.service/jobid", "memory.x", "system.slice/own.service/kubepods",
  ])
  func `what is not the kubelet's is not walked`(path: String) {
    #expect(live(["cgroup.controllers", "\(path)/pod\(uid)/a"], .everywhere) == [])
  }

  @Test func `containers outside of pods are noted, and nothing below them is looked at`() {
    let (one, two) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
    let three = String(repeating: "c", count: 64)
    let found = find(
      [
        "cgroup.controllers", "\(one)/pod\(uid)/a", "system.slice/cri-containerd-\(two).scope/a",
        "docker/\(three)/x/a",
        "docker/x/\(one)/a",
      ], .everywhere)
    #expect(found?.uids.isEmpty == true && found?.branches == [])
    #expect(Set(found?.containers.compactMap(\.containerID) ?? []) == [one, two, three])
  }

  @Test func `a tree that is deeper than the walk is not believed`() {
    #expect(live(["cgroup.controllers", String(repeating: "x/", count: 9) + "a"], .everywhere) == nil)
    #expect(live(["cgroup.controllers", String(repeating: "x/", count: 6) + "pod\(uid)/a"], .everywhere) == [uid])
  }

  @Test func aTreeWithTooManyBranchesIsNotBelieved() {
    func tree(_ count: Int) -> [String] {
      ["cgroup.controllers", "pod\(uid)/a"] + (0..<count).map { "kube\($0).slice/a" }
    }
    #expect(live(tree(1024)) == [uid])
    #expect(live(tree(1025)) == nil)
  }
}
