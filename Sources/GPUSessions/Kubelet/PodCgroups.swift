/// The pods that are alive on the node: those whose cgroup exists.
///
/// Walks only the branches in which a kubelet or its runtime makes pods (reference §1), stops at each pod, and
/// reads each directory once. What a pod names below itself is never looked at.
struct PodCgroups {
  let host: Host
  /// Where the cgroup file system is mounted.
  let root: String

  /// UIDs of the pods; `nil` where the tree, or one branch of it, cannot be read.
  func liveUIDs() -> LivePods? {
    guard case .entries(let names) = host.listDirectory(root) else { return nil }
    func has(_ name: String) -> Bool { names.contains { $0.equals(name) } }
    if has("cgroup.controllers") {
      guard let found = walk(root, names) else { return nil }
      // Only below the root of the hierarchy there is a `cgroup.type`: this is a part of the tree, and not the node's.
      return found.isEmpty && has("cgroup.type") ? nil : found
    }
    // Version 1: any one controller has all pods, but a runtime need not use each of them.
    let controllers = PodCgroups.controllers.filter(has)
    if controllers.isEmpty { return walk(root, names) }
    for controller in controllers {
      let path = root + "/" + controller
      guard case .entries(let names) = host.listDirectory(path), let found = walk(path, names) else { return nil }
      if !found.isEmpty { return found }
    }
    return LivePods()
  }

  private static let controllers = ["pids", "memory", "systemd", "cpu,cpuacct", "cpu", "devices"]
  private static let maximumDepth = 8
  private static let maximumDirectories = 1024

  private func walk(_ root: String, _ names: [ArraySlice<UInt8>]) -> LivePods? {
    var found: [PodUID] = []
    var level = [(path: root, names: names)]
    var readCount = 0
    for _ in 0..<PodCgroups.maximumDepth {
      var next: [(path: String, names: [ArraySlice<UInt8>])] = []
      for directory in level {
        for name in directory.names {
          if let uid = CgroupPath.podUID(ofDirectory: name) {
            if found.isEmpty { found.reserveCapacity(directory.names.count) }
            found.append(uid)
          } else if isBranch(name) {
            readCount += 1
            if readCount > PodCgroups.maximumDirectories { return nil }
            let path = directory.path + "/" + name.text
            switch host.listDirectory(path) {
            case .entries(let names): next.append((path, names))
            case .absent: continue
            case .failed: return nil
            }
          }
        }
      }
      if next.isEmpty { break }
      level = next
    }
    return LivePods(found)
  }
}

/// Whether pods may lie below a directory of this name.
private func isBranch(_ name: ArraySlice<UInt8>) -> Bool {
  if name.ends(with: ".slice") { return name.contains("kube") || branchSlices.contains { name.equals($0) } }
  if name.ends(with: ".service") { return branchServices.contains { name.starts(with: $0) } }
  return branches.contains { name.equals($0) }
}

private let branches = ["kubepods", "kubelet", "burstable", "besteffort", "k3s", "podruntime"]
private let branchSlices = ["system.slice", "podruntime.slice", "runtime.slice"]
private let branchServices = ["containerd", "crio", "docker", "k3s", "rke2", "kubelet"]
