extension Check {
  /// Whether `/sys/fs/cgroup` shows which pods are alive: their allocations are published, those of dead pods are not.
  static func cgroup(_ context: CheckContext) -> Finding {
    let root = context.options.cgroupRoot
    switch context.host.listDirectory(root) {
    case .failed(let errno): return .fail("\(root) cannot be read (\(errno.reason))", asRoot)
    case .absent:
      if !isNeeded(context) { return .skip("\(root) is not there; it is needed only with a kubelet") }
      return .warn(
        "\(root) is not there, so it is not known which pods are alive",
        "mount the node's /sys/fs/cgroup there, read-only")
    case .entries(let names):
      let tree = CgroupTree(root, top: Set(names.map { $0.text }))
      return cgroup(tree, root, context)
    }
  }

  /// Whether a pod or a kubelet is on this node: nothing else asks the tree who is alive.
  private static func isNeeded(_ context: CheckContext) -> Bool {
    context.hasPods || context.host.listDirectory(context.options.kubeletRoot) != .absent
  }

  private static func cgroup(_ tree: CgroupTree, _ root: String, _ context: CheckContext) -> Finding {
    if tree.version == nil || context.cgroups == nil, !isNeeded(context) {
      return .skip("\(root) does not show the whole tree; it is needed only with a kubelet")
    }
    guard let version = tree.version else {
      return .warn("\(root) is not a cgroup file system", "mount the node's /sys/fs/cgroup there, read-only")
    }
    guard let cgroups = context.cgroups else {
      return tree.isPart
        ? .warn(
          "\(version) shows only a part of the tree, which has no pod",
          "mount the node's own /sys/fs/cgroup, and name the node's root with --host-root")
        : .fail("some directories of the tree (\(version)) cannot be read", asRoot)
    }
    if cgroups.branches.isEmpty, context.podsWithSession.isEmpty || !cgroups.containers.isEmpty {
      let ofContainers =
        cgroups.containers.isEmpty ? "" : "; \(count(cgroups.containers.count, "container")) outside of pods"
      return .pass("\(version), no pods of a kubelet\(ofContainers)")
    }
    let absent = context.podsWithSession.subtracting(cgroups.uids)
    if !absent.isEmpty, cgroups.containers.isEmpty {
      return .warn(
        "\(version) lacks the cgroups of \(count(absent.count, "pod")) with a session",
        "mount the node's own /sys/fs/cgroup there: pods that hold a device and run nothing may be missing too")
    }
    let moved = tree.branches(cgroups).filter { !usualBranches.contains($0) }
    return .pass(
      "\(version), \(tree.drivers(cgroups)) driver, \(count(cgroups.uids.count, "pod"))"
        + (moved.isEmpty ? "" : ", below \(shortList(moved))"))
  }

  /// Where kubelets make their branches without a root of their own; the last two are kind's.
  private static let usualBranches = [
    "/kubepods.slice", "/kubepods", "/kubelet.slice/kubelet-kubepods.slice", "/kubelet/kubepods",
  ]
}

/// What the top of the cgroup tree shows.
private struct CgroupTree {
  /// `version 1`, `version 2` or both; `nil` if the directory is not a cgroup tree.
  var version: String?
  /// Whether the directory is not the root of a tree of version 2. Only a cgroup below the root has a `cgroup.type`
  /// (cgroups(7)); a process in a cgroup namespace sees its own as the top.
  var isPart: Bool
  private let root: String

  init(_ root: String, top: Set<String>) {
    self.root = root
    isPart = top.contains("cgroup.type")
    if top.contains("cgroup.controllers") {
      version = "version 2"
    } else if LivePods.controllers.contains(where: top.contains) {
      version = top.contains("unified") ? "version 1 and 2 (hybrid)" : "version 1"
    }
  }

  /// The kubelet's branches, as paths in the hierarchy.
  func branches(_ cgroups: PodCgroups) -> [String] {
    let roots = [root] + LivePods.controllers.map { root + "/" + $0 }
    let paths = cgroups.branches.map { branch in
      let within = roots.last { branch.hasPrefix($0 + "/") } ?? root
      return String(branch.dropFirst(within.count))
    }
    return Set(paths).sorted()
  }

  /// The kubelet's cgroup drivers, told by the names of its branches: `systemd`, `cgroupfs`, or both while one is being
  /// replaced.
  func drivers(_ cgroups: PodCgroups) -> String {
    let areSlices = cgroups.branches.map { Array($0.utf8)[...].ends(with: ".slice") }
    return [(true, "systemd"), (false, "cgroupfs")].filter { areSlices.contains($0.0) }.map(\.1).joined(
      separator: " and ")
  }
}
