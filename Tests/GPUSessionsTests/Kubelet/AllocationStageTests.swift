import Testing

@testable import GPUSessions

@Suite struct AllocationStageTests {
  private let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  private let file = "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"
  private let bootFile = "/proc/sys/kernel/random/boot_id"
  private var tree: FileTree {
    FileTree(files: [
      "/sys/fs/cgroup/cgroup.controllers": "", "/sys/fs/cgroup/kubepods/pod\(uid)/cgroup.procs": "",
      bootFile: "now\n",
    ])
  }

  private func checkpoint(_ ids: String, boot: String = "", container: String = "c") -> String {
    #"{"Data":{"PodDeviceEntries":[{"PodUID":"\#(uid)","ContainerName":"\#(container)","ResourceName":"r","#
      + #""DeviceIDs":\#(ids)}]},"BootID":"\#(boot)"}"#
  }

  private func snapshot(_ tree: FileTree) -> Snapshot {
    var collector = Collector(host: tree.host, options: Options(), begin: 0)
    collector.snapshot.gpus = [
      GPU(index: 0, uuid: "GPU-0", busID: "", name: "", driverVersion: "", migMode: .disabled),
      GPU(index: 1, uuid: "GPU-1", busID: "", name: "", driverVersion: "", migMode: .enabled),
    ]
    var names = PodNameResolver(host: tree.host, options: Options())
    collector.readAllocations(&names)
    return collector.snapshot
  }

  private func snapshot(_ text: String) -> Snapshot {
    var tree = tree
    tree.files[file] = text
    return snapshot(tree)
  }

  @Test func replicasAreOneRow() {
    let found = snapshot(checkpoint(#"{"0":["GPU-0::1","GPU-0::4"],"1":["GPU-0::1"]}"#))
    #expect(found.allocations.map(\.replicas) == [2] && found.stages.map(\.isSuccess) == [true])
    #expect(found.allocations.first?.pod == "pod-\(uid)" && found.allocations.first?.container == "c")
  }

  @Test func rowsAreInTheirOrderHoweverTheyAreListed() throws {
    var tree = tree
    let uids = (0..<6).map { "7922aa99-d4aa-4885-a953-82976860b23\($0)" }
    // Names that differ early, after more than eight bytes, and not at all; the last pod has none.
    let names = [
      "b_train", "a_train-of-many-1", "a_train-of-many-0", "a-long-namespace-b_x", "a-long-namespace-a_x",
    ]
    for (uid, name) in zip(uids, names) { tree.files["/var/log/pods/\(name)_\(uid)/c/0.log"] = "" }
    for uid in uids { tree.files["/sys/fs/cgroup/kubepods/pod\(uid)/cgroup.procs"] = "" }
    var entries = uids.flatMap { uid in
      [("d", "r"), ("c", "s"), ("c", "r")].map { container, resource in
        #"{"PodUID":"\#(uid)","ContainerName":"\#(container)","ResourceName":"\#(resource)","DeviceIDs":["GPU-0"]}"#
      }
    }
    for _ in 0..<3 {
      tree.files[file] = #"{"Data":{"PodDeviceEntries":[\#(entries.joined(separator: ","))]}}"#
      let found = snapshot(tree).allocations
      #expect(found.count == 18 && found == found.sorted() && found.allSatisfy { $0.replicas == 1 })
      #expect(found.map(\.pod).first == "pod-\(uids[5])" && found.map(\.pod).last == "train")
      entries.shuffle()
    }
  }

  @Test func foreignDevicesAreIgnoredAndUnknownOnesCounted() {
    let found = snapshot(checkpoint(#"["tegra","GPU-9","GPU-1","nvidia3","GPU-9::1"]"#))
    #expect(found.allocations.isEmpty && found.problems[.allocationDeviceUnknown] == 3)
  }

  @Test func entriesFromBeforeTheRebootDoNotCount() {
    #expect(snapshot(checkpoint(#"["GPU-0"]"#, boot: "now")).allocations.count == 1)
    let found = snapshot(checkpoint(#"["GPU-0"]"#, boot: "before"))
    #expect(found.allocations.isEmpty && found.problems[.allocationStale] == 1)
    #expect(found.stages.map(\.isSuccess) == [true])
  }

  @Test func withoutAKubeletThereIsNoStage() {
    #expect(snapshot(FileTree()).stages.isEmpty)
    let idle = snapshot(tree)
    #expect(idle.stages.map(\.isSuccess) == [true] && idle.remarks.count == 1 && idle.warnings.isEmpty)
  }

  @Test func whatCannotBeReadFailsTheStage() {
    var (unreadable, blind) = (tree, tree)
    unreadable.failing = [file]
    blind.files[file] = checkpoint(#"["GPU-0"]"#)
    blind.failing = ["/sys/fs/cgroup"]
    for found in [snapshot(unreadable), snapshot(blind), snapshot("{")] {
      #expect(found.stages.map(\.isSuccess) == [false] && found.allocations.isEmpty && found.warnings.count == 1)
    }
    // Nothing of ours to check: the tree is not read.
    blind.files[file] = checkpoint(#"["tegra"]"#)
    #expect(snapshot(blind).stages.map(\.isSuccess) == [true])
  }

  @Test func claimsNeedTheDriversCheckpoint() {
    var tree = tree
    tree.files["/var/lib/kubelet/dra_manager_state"] =
      #"{"entries":[{"ClaimUID":"c","PodUIDs":{"\#(uid)":{}},"DriverName":"gpu.nvidia.com"}]}"#
    #expect(snapshot(tree).stages.map(\.isSuccess) == [false])
    tree.files["/var/lib/kubelet/plugins/gpu.nvidia.com/checkpoint.json"] =
      #"{"v1":{"preparedClaims":{"c":{"preparedDevices":[{"devices":[{"gpu":{"info":{"uuid":"GPU-0"}}}]}]}}}}"#
    let found = snapshot(tree)
    #expect(found.allocations.map(\.resource) == ["gpu.nvidia.com"] && found.allocations.first?.container == "")
  }
}

/// The order in which they are published, by nothing but what is published.
extension Allocation: Comparable {
  static func < (left: Allocation, right: Allocation) -> Bool {
    if left.device != right.device { return left.device < right.device }
    if left.namespace != right.namespace { return left.namespace < right.namespace }
    if left.pod != right.pod { return left.pod < right.pod }
    if left.podUID != right.podUID { return left.podUID.text < right.podUID.text }
    return (left.container, left.resource) < (right.container, right.resource)
  }
}
