extension Check {
  /// Whether `/sys/fs/cgroup` shows which pods are alive: their allocations are published, those of dead pods are not.
  static func cgroup(_ context: CheckContext) -> Finding {
    let root = context.options.cgroupRoot
    switch context.host.listDirectory(root) {
    case .failed(let errno): return .fail("\(root) cannot be read (\(errno.reason))", asRoot)
    case .absent:
      if !context.hasPods, context.host.listDirectory(context.options.kubeletRoot) == .absent {
        return .skip("\(root) is not there, and without a kubelet nothing needs it")
      }
      return .warn(
        "\(root) is not there, so nobody knows which pods are alive",
        "mount the node's /sys/fs/cgroup there, read-only")
    case .entries(let names):
      let tree = CgroupTree(context.host, root, top: Set(names.map { $0.text }))
      return cgroup(tree, root, context)
    }
  }

  private static func cgroup(_ tree: CgroupTree, _ root: String, _ context: CheckContext) -> Finding {
    guard let version = tree.version else {
      return .warn("\(root) holds no cgroup file system", "mount the node's /sys/fs/cgroup there, read-only")
    }
    guard let pods = context.livePods else {
      return tree.isPart
        ? .warn(
          "\(version) shows a part of the tree only, in which no pod is",
          "mount the node's own /sys/fs/cgroup and name its root with --host-root")
        : .fail("\(version) cannot be read in every branch", asRoot)
    }
    if tree.drivers.isEmpty { return .pass("\(version), no kubelet's pods") }
    return .pass("\(version), \(tree.drivers.joined(separator: " and ")) driver, \(count(pods.count, "pod"))")
  }
}

/// What the first two levels of the cgroup tree show.
private struct CgroupTree {
  /// `version 1`, `version 2` or both; `nil` if the directory is not a cgroup tree.
  var version: String?
  /// The kubelet's cgroup drivers, told by the names of its branches: `systemd`, `cgroupfs`, or both while one is being
  /// replaced.
  var drivers: [String] = []
  /// Whether the directory is not the root of a tree of version 2. Only a cgroup below the root has a `cgroup.type`
  /// (cgroups(7)); a process in a cgroup namespace sees its own as the top.
  var isPart: Bool

  init(_ host: Host, _ root: String, top: Set<String>) {
    let controllers = LivePods.controllers.filter(top.contains)
    isPart = top.contains("cgroup.type")
    if top.contains("cgroup.controllers") {
      version = "version 2"
      find(in: top, host, root)
      return
    }
    if controllers.isEmpty { return }
    version = top.contains("unified") ? "version 1 and 2 (hybrid)" : "version 1"
    for controller in controllers where drivers.isEmpty {
      let path = root + "/" + controller
      guard case .entries(let names) = host.listDirectory(path) else { continue }
      find(in: Set(names.map { $0.text }), host, path)
    }
  }

  /// Looks for the kubelet's branches among these names and below `kubelet.slice` and `kubelet`, where kind has them.
  private mutating func find(in names: Set<String>, _ host: Host, _ path: String) {
    var isSystemd = names.contains("kubepods.slice")
    var isCgroupfs = names.contains("kubepods")
    for inner in ["kubelet.slice", "kubelet"] where names.contains(inner) {
      guard case .entries(let below) = host.listDirectory(path + "/" + inner) else { continue }
      isSystemd = isSystemd || below.contains { $0.equals("kubelet-kubepods.slice") }
      isCgroupfs = isCgroupfs || below.contains { $0.equals("kubepods") }
    }
    drivers = (isSystemd ? ["systemd"] : []) + (isCgroupfs ? ["cgroupfs"] : [])
  }
}
