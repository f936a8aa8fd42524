/// The pods that are alive on the node: those whose cgroup exists.
///
/// The walk stops at each pod and at each container, so that nothing a workload names below itself is looked at, and lists each
/// directory once.
struct LivePods {
  let host: Host
  /// The path where the cgroup file system is mounted.
  let root: String

  /// How far the tree is walked.
  enum Extent {
    /// Where a kubelet and its runtime make pods unless they are told otherwise.
    case usualBranches
    /// All of it but units, users, machines and containers: a kubelet may have a root of its own (`--cgroup-root`).
    case everywhere
  }

  /// The pods and the directories in which they were found; `nil` if the tree, or one branch of it, cannot be read.
  func find(_ extent: Extent = .usualBranches) -> PodCgroups? {
    guard case .entries(let listing) = host.listDirectory(root) else { return nil }
    let names = Set(listing.map(\.text))
    if names.contains("cgroup.controllers") {
      guard let found = walk(root, listing, extent) else { return nil }
      // The root cgroup has no `cgroup.type`. Where there is one, only a part of the tree is mounted, and that it has no
      // pod proves nothing.
      return found.isEmpty && names.contains("cgroup.type") ? nil : found
    }
    // Version 1: any one controller has all pods, but a runtime need not use each of them.
    let controllers = LivePods.controllers.filter(names.contains)
    if controllers.isEmpty {
      // That a directory without a hierarchy has no pod proves nothing: no cgroup file system need be mounted there.
      return walk(root, listing, extent).flatMap { $0.isEmpty ? nil : $0 }
    }
    var seen = PodCgroups()
    for controller in controllers {
      let path = root + "/" + controller
      guard case .entries(let listing) = host.listDirectory(path), let found = walk(path, listing, extent) else {
        return nil
      }
      seen.add(found)
      if !seen.uids.isEmpty { return seen }
    }
    return seen
  }

  /// The hierarchies of cgroup version 1 in which pods are looked for, in this order.
  static let controllers = ["pids", "memory", "systemd", "cpu,cpuacct", "cpu", "devices"]
  private static let maximumDepth = 8
  private static let maximumDirectories = 1024

  /// Walks level by level; `nil` if a directory cannot be read or there are too many.
  private func walk(_ root: String, _ listing: [ArraySlice<UInt8>], _ extent: Extent) -> PodCgroups? {
    var found = PodCgroups()
    var level = [(path: root, listing: listing)]
    var listedCount = 0
    for _ in 0..<LivePods.maximumDepth where !level.isEmpty {
      var next: [(path: String, listing: [ArraySlice<UInt8>])] = []
      for directory in level {
        found.directories.append(directory)
        found.uids.reserveCapacity(found.uids.count + directory.listing.count)
        // Docker's own directory has its containers, and no branch of a kubelet.
        let isDocker = directory.path.hasSuffix("/docker")
        for name in directory.listing where found.isBranch(name, extent) && !isDocker {
          listedCount += 1
          let path = directory.path + "/" + name.text
          if isKubeletBranch(name) { found.branches.append(path) }
          switch host.listDirectory(path) {
          case .entries(let listing) where listedCount <= LivePods.maximumDirectories: next.append((path, listing))
          case .absent: continue
          case .entries, .failed: return nil
          }
        }
      }
      level = next
    }
    // What lies deeper was not looked at.
    return level.isEmpty || extent == .usualBranches ? found : nil
  }
}

extension PodCgroups {
  /// Whether pods may lie below a directory of this name. A pod and a container are noted, and are none.
  fileprivate mutating func isBranch(_ name: ArraySlice<UInt8>, _ extent: LivePods.Extent) -> Bool {
    if let uid = CgroupPath.podUID(ofDirectory: name) {
      uids.insert(uid)
      return false
    }
    if isUsualBranch(name) { return true }
    guard extent == .everywhere else { return false }
    let identity = CgroupPath(name).identity
    if identity.containerID != nil { containers.append(identity) }
    return identity.containerID == nil && mayBeBranch(name)
  }
}

/// Whether this is the top of what a kubelet makes: `kubepods`, `kubepods.slice`, and below a root of its own
/// `<root>-kubepods.slice` (kubelet `pkg/kubelet/cm/cgroup_manager_linux.go`).
private func isKubeletBranch(_ name: ArraySlice<UInt8>) -> Bool {
  name.equals("kubepods") || name.equals("kubepods.slice") || name.ends(with: "-kubepods.slice")
}

private func isUsualBranch(_ name: ArraySlice<UInt8>) -> Bool {
  if isSlice(name) { return name.contains("kube") || branchSlices.contains { name.equals($0) } }
  if name.ends(with: ".service") { return branchServices.contains { name.starts(with: $0) } }
  return branches.contains { name.equals($0) }
}

/// Whether the kubelet's root may be this directory or below it.
///
/// Not in the units of systemd, which may be a user's, in those of other runtimes and batch systems, and not in the files
/// that each cgroup has.
private func mayBeBranch(_ name: ArraySlice<UInt8>) -> Bool {
  if isSlice(name) {
    return !name.starts(with: "user-") && !["user.slice", "machine.slice"].contains { name.equals($0) }
  }
  return !foreignNames.contains { name.equals($0) } && !foreignBeginnings.contains { name.starts(with: $0) }
    && !unitEnds.contains { name.ends(with: $0) }
}

private let branches = ["kubepods", "kubelet", "burstable", "besteffort", "k3s", "podruntime"]
private let branchSlices = ["system.slice", "podruntime.slice", "runtime.slice"]
private let branchServices = ["containerd", "crio", "docker", "k3s", "rke2", "kubelet"]
private let foreignNames = [
  "lxc", "machine", "user", "libpod_parent", "ecs", "htcondor", "tasks", "notify_on_release",
  "release_agent",
]
private let foreignBeginnings = [
  "lxc.", "slurm", "pbs", "cgroup.", "cpu.", "cpuset.", "cpuacct.", "memory.", "io.", "pids.", "hugetlb.", "rdma.",
  "misc.", "irq.", "dmem.", "devices.", "blkio.", "freezer.", "net_cls.", "net_prio.", "perf_event.",
]
private let unitEnds = [".service", ".scope", ".mount", ".automount", ".socket", ".swap", ".device", ".target"]
