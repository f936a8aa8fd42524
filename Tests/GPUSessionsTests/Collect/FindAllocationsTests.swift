import Testing

@testable import GPUSessions

@Suite struct FindAllocationsTests {
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

  private let gpus = [
    GPU(index: 0, uuid: "GPU-0", busID: "", name: "", driverVersion: "", migMode: .disabled),
    GPU(index: 1, uuid: "GPU-1", busID: "", name: "", driverVersion: "", migMode: .enabled),
  ]

  /// The allocations of a node, and what the stage reported.
  private func find(
    _ tree: FileTree, instances: [MIGInstance] = [], sessions: [Session] = []
  ) -> (allocations: [Allocation], report: RunReport) {
    let inventory = Inventory(gpus: gpus, lostGPUs: [], instances: instances)
    var names = PodNameResolver(procFS: ProcFS(host: tree.host, root: "/proc"), options: Options())
    var report = RunReport()
    let allocations = Pipeline(host: tree.host, options: Options())
      .findAllocations(on: inventory, sessions, &names, &report)
    return (allocations, report)
  }

  private func find(_ text: String) -> (allocations: [Allocation], report: RunReport) {
    var tree = tree
    tree.files[file] = text
    return find(tree)
  }

  @Test func replicasAreOneRow() {
    let found = find(checkpoint(#"{"0":["GPU-0::1","GPU-0::4"],"1":["GPU-0::1"]}"#))
    #expect(found.allocations.map(\.replicas) == [2] && found.report.stages.map(\.isSuccess) == [true])
    #expect(found.allocations.first?.pod == "pod-\(uid)" && found.allocations.first?.container == "c")
  }

  /// The directory of a kubelet without a checkpoint is no failure: before the first device is handed out there is none.
  @Test func withoutADirectoryOfAKubeletNothingIsKnown() {
    let elsewhere = find(tree)
    #expect(elsewhere.allocations.isEmpty && elsewhere.report.stages.map(\.isSuccess) == [false])
    #expect(elsewhere.report.warnings.contains { $0.contains("/var/lib/kubelet is missing: it is not known") })
    for directory in ["/var/lib/kubelet", "/var/lib/k0s/kubelet"] {
      var tree = tree
      tree.files[directory + "/pods/log"] = ""
      let fresh = find(tree)
      #expect(fresh.report.stages.map(\.isSuccess) == [true] && fresh.report.warnings.isEmpty)
      #expect(fresh.report.remarks.contains { $0.contains("no device was handed out yet") })
    }
  }

  /// One entry of the checkpoint.
  private func entry(_ uid: String, _ container: String, _ resource: String, _ device: String) -> String {
    #"{"PodUID":"\#(uid)","ContainerName":"\#(container)","ResourceName":"\#(resource)","DeviceIDs":["\#(device)"]}"#
  }

  /// The order is by device, namespace, pod, pod UID, container and resource. Names that begin alike for eight bytes, and
  /// instance IDs beyond 255, once came in another order.
  @Test func rowsAreInTheirOrderHoweverTheyAreListed() {
    var tree = tree
    // Namespace and pod in the order expected; the last pod has no name, and an empty namespace comes first.
    let pods = [
      ("", ""), ("a", "train"), ("ml-train-a", "b-job"), ("ml-train-a", "z-job"), ("ml-train-b", "a-job"),
      ("ml-train-b", "a-job-with-a-long-name-0"), ("ml-train-b", "a-job-with-a-long-name-1"),
    ]
    var expected: [String] = []
    var entries: [String] = []
    for device in ["GPU-0", "MIG-2-0", "MIG-10-0", "MIG-256-0", "MIG-300-0"] {
      for (number, pod) in pods.enumerated() {
        // UIDs in the reverse order of the names.
        let uid = "7922aa99-d4aa-4885-a953-82976860b23\(9 - number)"
        if !pod.0.isEmpty { tree.files["/var/log/pods/\(pod.0)_\(pod.1)_\(uid)/c/0.log"] = "" }
        tree.files["/sys/fs/cgroup/kubepods/pod\(uid)/cgroup.procs"] = ""
        for (container, resource) in [("c", "r"), ("c", "s"), ("d", "r")] {
          entries.append(entry(uid, container, resource, device))
          expected.append("\(device) \(pod.0) \(pod.1.isEmpty ? "pod-" + uid : pod.1) \(container) \(resource)")
        }
      }
    }
    let instances = [300, 2, 256, 10].map { instance(1, $0, 0, "1g.5gb") }
    for _ in 0..<3 {
      entries.shuffle()
      tree.files[file] = #"{"Data":{"PodDeviceEntries":[\#(entries.joined(separator: ","))]}}"#
      let found = find(tree, instances: instances).allocations
      #expect(found.allSatisfy { $0.replicas == 1 })
      #expect(
        found.map { "\($0.deviceUUID ?? "") \($0.namespace) \($0.pod) \($0.container) \($0.resource)" } == expected)
    }
  }

  @Test func foreignDevicesAreIgnoredAndUnknownOnesCounted() {
    let found = find(checkpoint(#"["tegra","GPU-9","GPU-1","nvidia3","GPU-9::1"]"#))
    #expect(found.allocations.isEmpty && found.report.problems[.allocationDeviceUnknown] == 3)
  }

  @Test func entriesFromBeforeTheRebootDoNotCount() {
    #expect(find(checkpoint(#"["GPU-0"]"#, boot: "now")).allocations.count == 1)
    let found = find(checkpoint(#"["GPU-0"]"#, boot: "before"))
    #expect(found.allocations.isEmpty && found.report.problems[.allocationStale] == 1)
    #expect(found.report.stages.map(\.isSuccess) == [true])
  }

  @Test func withoutAKubeletThereIsNoStage() {
    #expect(find(FileTree()).report.stages.isEmpty)
  }

  @Test func whatCannotBeReadFailsTheStage() {
    var (unreadable, blind) = (tree, tree)
    unreadable.failing = [file]
    blind.files[file] = checkpoint(#"["GPU-0"]"#)
    blind.failing = ["/sys/fs/cgroup"]
    for found in [find(unreadable), find(blind), find("{")] {
      #expect(
        found.report.stages.map(\.isSuccess) == [false] && found.allocations.isEmpty
          && found.report.warnings.count == 1)
    }
    // Nothing of ours to check: the tree is not read.
    blind.files[file] = checkpoint(#"["tegra"]"#)
    #expect(find(blind).report.stages.map(\.isSuccess) == [true])
  }

  @Test func aClaimIsNoneOfTheCheckpointFromBeforeTheReboot() {
    var tree = tree
    tree.files[file] = checkpoint(#"["GPU-0"]"#, boot: "before")
    tree.files["/var/lib/kubelet/dra_manager_state"] =
      #"{"entries":[{"ClaimUID":"c","PodUIDs":{"\#(uid)":{}},"DriverName":"gpu.nvidia.com"}]}"#
    tree.files["/var/lib/kubelet/plugins/gpu.nvidia.com/checkpoint.json"] =
      #"{"v1":{"preparedClaims":{"c":{"preparedDevices":[{"devices":[{"gpu":{"info":{"uuid":"GPU-0"}}}]}]}}}}"#
    let found = find(tree)
    #expect(found.allocations.map(\.resource) == ["gpu.nvidia.com"])
    #expect(found.report.problems[.allocationStale] == 1)
  }

  @Test(arguments: ["", "\n", " \nx"])
  func withoutABootIDTheCheckpointIsCurrent(bootID: String) {
    var tree = tree
    tree.files[file] = checkpoint(#"["GPU-0"]"#, boot: "before")
    tree.files[bootFile] = bootID
    #expect(find(tree).allocations.count == 1)
    tree.files[bootFile] = nil
    #expect(find(tree).allocations.count == 1)
  }

  @Test func podsOfOneNameAreOrderedByTheirUIDs() {
    var tree = tree
    let uids = (0...9).map { "7922aa99-d4aa-4885-a953-82976860b23\($0)" }
    for uid in uids {
      tree.files["/var/log/pods/ml_train_\(uid)/c/0.log"] = ""
      tree.files["/sys/fs/cgroup/kubepods/pod\(uid)/cgroup.procs"] = ""
    }
    let entries = uids.shuffled().map { entry($0, "c", "r", "GPU-0") }
    tree.files[file] = #"{"Data":{"PodDeviceEntries":[\#(entries.joined(separator: ","))]}}"#
    let found = find(tree).allocations
    #expect(found.map(\.podUID.text) == uids && found.allSatisfy { $0.pod == "train" })
  }

  /// The driver's directories of two GPUs; both are at `/dev/nvidiaN` with these numbers.
  private func addMinors(_ tree: inout FileTree, _ first: Int, _ second: Int) {
    for (index, minor) in [first, second].enumerated() {
      tree.files["/proc/driver/nvidia/gpus/0000:0\(index):00.0/information"] =
        "Model: \t\t L4\nGPU UUID: \t GPU-\(index)\nDevice Minor: \t \(minor)\n"
    }
  }

  @Test func aNumberThatTwoGPUsClaimNamesNeither() {
    var tree = tree
    tree.files[file] = checkpoint(#"["nvidia5"]"#)
    addMinors(&tree, 5, 6)
    #expect(find(tree).allocations.map(\.deviceUUID) == ["GPU-0"])
    addMinors(&tree, 5, 5)
    let found = find(tree)
    #expect(found.allocations.isEmpty && found.report.problems[.allocationDeviceUnknown] == 1)
  }

  @Test func aGPUInstanceWithSeveralComputeInstancesNamesNone() {
    var tree = tree
    tree.files[file] = checkpoint(#"["nvidia6/gi2"]"#)
    addMinors(&tree, 5, 6)
    let (one, two) = (instance(1, 2, 0, "1c.2g.10gb"), instance(1, 2, 1, "1c.2g.10gb", index: 1))
    #expect(find(tree, instances: [one, instance(1, 3, 0, "1g.5gb")]).allocations.map(\.deviceUUID) == ["MIG-2-0"])
    let found = find(tree, instances: [one, two])
    #expect(found.allocations.isEmpty && found.report.problems[.allocationDeviceUnknown] == 1)
  }
}
