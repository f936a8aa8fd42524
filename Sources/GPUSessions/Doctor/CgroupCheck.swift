extension Check {
  /// The tree below `/sys/fs/cgroup`: by it the kubelet's dead pods are told from the living.
  static func cgroup(_ context: inout CheckContext) -> Finding {
    let root = context.options.cgroupRoot
    switch context.host.listDirectory(root) {
    case .failed(let errno):
      return .fail("\(root) cannot be read (\(errno.reason))", "run it as root: sudo gpu-sessions check")
    case .absent:
      if !context.hasPods, context.host.listDirectory(context.options.kubeletRoot) == .absent {
        return .skip("\(root) is not there, and without a kubelet nothing needs it")
      }
      return .warn(
        "\(root) is not there, so nobody knows which pods are alive",
        "mount the node's /sys/fs/cgroup there, read-only")
    case .entries(let names):
      let tree = CgroupTree(context.host, root, top: Set(names.map { $0.text }))
      return cgroup(tree, root, &context)
    }
  }

  private static func cgroup(_ tree: CgroupTree, _ root: String, _ context: inout CheckContext) -> Finding {
    guard let version = tree.version else {
      return .warn("\(root) holds no cgroup file system", "mount the node's /sys/fs/cgroup there, read-only")
    }
    guard let pods = context.livePods else {
      return tree.isPart
        ? .warn(
          "\(version) shows a part of the tree only, in which no pod is",
          "mount the node's own /sys/fs/cgroup and name its root with --host-root")
        : .fail("\(version) cannot be read in every branch", "run it as root: sudo gpu-sessions check")
    }
    if tree.drivers.isEmpty { return .pass("\(version), no kubelet's pods") }
    return .pass("\(version), \(tree.drivers.joined(separator: " and ")) driver, \(count(pods.count, "pod"))")
  }
}

/// What the top of the cgroup tree shows.
private struct CgroupTree {
  /// `version 1`, `version 2` or both; `nil` where it is no cgroup tree.
  var version: String?
  /// The kubelet's drivers, by the names of the branches they make; both while one is being replaced.
  var drivers: [String] = []
  /// Whether it is the inside of a cgroup namespace: only below the root there is a `cgroup.type`.
  var isPart: Bool

  private static let controllers = ["systemd", "pids", "memory", "cpu,cpuacct", "cpu", "devices"]

  init(_ host: Host, _ root: String, top: Set<String>) {
    let controllers = CgroupTree.controllers.filter(top.contains)
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

  /// kind has its node's kubelet below `kubelet.slice` or `kubelet`.
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
