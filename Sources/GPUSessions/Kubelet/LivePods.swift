/// The pods that are alive on the node: those whose cgroup exists.
///
/// Only the branches in which a kubelet or its runtime makes pods are walked. The walk stops at each pod, so that nothing
/// a pod names below itself is looked at, and lists each directory once.
struct LivePods {
  let host: Host
  /// The path where the cgroup file system is mounted.
  let root: String

  /// The UIDs of the pods; `nil` if the tree, or one branch of it, cannot be read.
  func uids() -> Set<PodUID>? { find()?.uids }

  /// The pods and the directories in which they were found; `nil` if the tree, or one branch of it, cannot be read.
  func find() -> PodCgroups? {
    guard case .entries(let listing) = host.listDirectory(root) else { return nil }
    let names = Set(listing.map(\.text))
    if names.contains("cgroup.controllers") {
      guard let found = walk(root, listing) else { return nil }
      // The root cgroup has no `cgroup.type`. Where there is one, only a part of the tree is mounted, and that it has no
      // pod proves nothing.
      return found.uids.isEmpty && names.contains("cgroup.type") ? nil : found
    }
    // Version 1: any one controller has all pods, but a runtime need not use each of them.
    let controllers = LivePods.controllers.filter(names.contains)
    if controllers.isEmpty {
      // That a directory without a hierarchy has no pod proves nothing: no cgroup file system need be mounted there.
      return walk(root, listing).flatMap { $0.uids.isEmpty ? nil : $0 }
    }
    for controller in controllers {
      let path = root + "/" + controller
      guard case .entries(let listing) = host.listDirectory(path), let found = walk(path, listing) else {
        return nil
      }
      if !found.uids.isEmpty { return found }
    }
    return PodCgroups()
  }

  /// The hierarchies of cgroup version 1 in which pods are looked for, in this order.
  static let controllers = ["pids", "memory", "systemd", "cpu,cpuacct", "cpu", "devices"]
  private static let maximumDepth = 8
  private static let maximumDirectories = 1024

  /// Walks level by level; `nil` if a directory cannot be read or there are too many.
  private func walk(_ root: String, _ listing: [ArraySlice<UInt8>]) -> PodCgroups? {
    var found = PodCgroups()
    var level = [(path: root, listing: listing)]
    var listedCount = 0
    for _ in 0..<LivePods.maximumDepth where !level.isEmpty {
      var next: [(path: String, listing: [ArraySlice<UInt8>])] = []
      for directory in level {
        found.directories.append(directory)
        found.uids.reserveCapacity(found.uids.count + directory.listing.count)
        for name in directory.listing {
          if let uid = CgroupPath.podUID(ofDirectory: name) {
            found.uids.insert(uid)
            continue
          }
          guard isBranch(name) else { continue }
          listedCount += 1
          let path = directory.path + "/" + name.text
          switch host.listDirectory(path) {
          case .entries(let listing) where listedCount <= LivePods.maximumDirectories: next.append((path, listing))
          case .absent: continue
          case .entries, .failed: return nil
          }
        }
      }
      level = next
    }
    return found
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
