@testable import GPUSessions

/// A node with two GPUs (`GPU-0`, `GPU-1`), a kubelet and one pod that is alive, as files.
struct AllocationNode {
  static let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  static let checkpoint = "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"
  static let state = "/var/lib/kubelet/dra_manager_state"
  static let driver = "/var/lib/kubelet/plugins/gpu.nvidia.com/checkpoint.json"
  /// The pod's cgroup.
  static let cgroup = "/sys/fs/cgroup/kubepods/besteffort/pod\(uid)"

  var tree = FileTree(files: ["/sys/fs/cgroup/cgroup.controllers": "", "\(cgroup)/cgroup.procs": ""])
  var sessions: [Session] = []

  /// The pod has this name, and links to the logs of these containers.
  mutating func name(_ pod: String, containers: [String]) {
    for container in containers {
      tree.files["/var/log/pods/ml_\(pod)_\(AllocationNode.uid)/\(container)/0.log"] = ""
      tree.files["/var/log/containers/\(pod)_ml_\(container)-\(AllocationNode.id(container)).log"] = ""
    }
  }

  /// An ID for the container of this name.
  static func id(_ container: String) -> String {
    let digits = container.utf8.map { String($0, radix: 16) }.joined()
    return digits + String(repeating: "0", count: 64 - digits.utf8.count)
  }

  /// The pod's container of this name has a cgroup right below the root, and a bundle of containerd.
  mutating func addContainer(_ name: String) {
    let (id, key) = (AllocationNode.id(name), "io.kubernetes.cri")
    tree.files["/sys/fs/cgroup/\(id)/cgroup.procs"] = ""
    tree.files["/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/config.json"] = """
      {"annotations":{"\(key).container-type":"container","\(key).container-name":"\(name)","\(key).sandbox-name":"p",
      "\(key).sandbox-namespace":"ml","\(key).sandbox-uid":"\(AllocationNode.uid)"}}
      """
  }

  /// Device plugins have handed these IDs to containers of the pod.
  mutating func hand(_ ids: [(container: String, id: String)], pod: String = AllocationNode.uid) {
    let entries = ids.map { container, id in
      #"{"PodUID":"\#(pod)","ContainerName":"\#(container)","ResourceName":"r","DeviceIDs":["\#(id)"]}"#
    }
    tree.files[AllocationNode.checkpoint] =
      #"{"Data":{"PodDeviceEntries":[\#(entries.joined(separator: ","))]}}"#
  }

  /// The pod has a claim, for which NVIDIA's driver has prepared `GPU-1`.
  mutating func claim() {
    tree.files[AllocationNode.state] =
      #"{"entries":[{"ClaimUID":"c","PodUIDs":{"\#(AllocationNode.uid)":{}},"DriverName":"gpu.nvidia.com"}]}"#
    tree.files[AllocationNode.driver] =
      #"{"v1":{"preparedClaims":{"c":{"preparedDevices":[{"devices":[{"gpu":{"info":{"uuid":"GPU-1"}}}]}]}}}}"#
  }

  /// A container of the pod has a session.
  mutating func addSession(_ container: String, uid: String = AllocationNode.uid) {
    let owner = Owner(pod: "p", namespace: "ml", container: container, podUID: PodUID(uid))
    sessions.append(session(Device(gpu: 0), 100, "python", owner: owner))
  }

  /// The allocations, and what the stage reported.
  func find(listed: ListedDirectories? = nil) -> (allocations: [Allocation], report: RunReport) {
    var host = tree.host
    if let listed {
      let list = host.listDirectory
      host.listDirectory = { path in
        listed.paths.append(path)
        return list(path)
      }
    }
    let gpus = [0, 1].map {
      GPU(index: $0, uuid: "GPU-\($0)", busID: "", name: "", driverVersion: "", migMode: .disabled)
    }
    var names = PodNameResolver(procFS: ProcFS(host: host, root: "/proc"), options: Options())
    var report = RunReport()
    let allocations = Pipeline(host: host, options: Options())
      .findAllocations(on: Inventory(gpus: gpus, lostGPUs: []), sessions, &names, &report)
    return (allocations, report)
  }

  /// The containers that hold a device.
  var holders: [String] { find().allocations.map(\.container) }
}

/// The directories that were listed, in their order.
final class ListedDirectories: @unchecked Sendable {
  var paths: [String] = []
}
