/// Names of pods and containers from what the container runtimes keep on the node.
///
/// Asked only where `/var/log` does not tell. Order: containerd's OCI bundle, CRI-O's, the command line of
/// conmon, Docker's configuration; where the cgroup shows the runtime, only what is that runtime's (reference
/// §0, §3.3). No file is opened twice in one run, and of its content only the named keys are kept.
package struct RuntimeMetadata: Sendable {
  private let node: ProcFS
  private let options: Options
  /// By path, never by container ID alone: the same ID may stand in a cgroup that must not be believed.
  private var files: [String: RuntimeRecord?] = [:]
  private var taskDirectories: [String: [String]] = [:]
  private var monitors: RuntimeMonitors

  package init(node: ProcFS, options: Options) {
    self.node = node
    self.options = options
    monitors = RuntimeMonitors(node: node)
  }

  /// What the runtime of this container says, `process` being one of its processes.
  package mutating func names(for identity: CgroupIdentity, of process: ProcessStat) -> RuntimeAnswer {
    guard let id = identity.containerID, KubernetesNames.isContainerID(Array(id.utf8)[...]) else {
      return .unknown
    }
    return record(id, identity, process)?.names(podUID: identity.podUID) ?? .unknown
  }

  private mutating func record(
    _ id: String, _ identity: CgroupIdentity, _ process: ProcessStat
  ) -> RuntimeRecord? {
    let sources = RuntimeSources(identity)
    if sources.containerd, let found = containerd(id, RuntimeMetadata.containerdStates) { return found }
    if sources.criO, let found = criO(id) { return found }
    if sources.monitor, let found = monitored(id, by: monitors.monitor(above: process), sources) {
      return found
    }
    return sources.docker ? docker(id) : nil
  }

  private mutating func containerd(_ id: String, _ states: [String]) -> RuntimeRecord? {
    for state in states {
      for directory in tasks(of: state) {
        let path = "\(directory)/\(id)/config.json"
        if let found = read(path, RuntimeRecord.init(containerdBundle:)) { return found }
      }
    }
    return nil
  }

  private mutating func criO(_ id: String) -> RuntimeRecord? {
    for storage in RuntimeMetadata.criOStorages {
      let path = options.nodePath("\(storage)/overlay-containers/\(id)/userdata/config.json")
      if let found = read(path, RuntimeRecord.init(criOBundle:)) { return found }
    }
    return nil
  }

  private mutating func docker(_ id: String) -> RuntimeRecord? {
    let path = options.nodePath("/var/lib/docker/containers/\(id)/config.v2.json")
    return read(path, RuntimeRecord.init(dockerConfig:))
  }

  private mutating func monitored(
    _ id: String, by monitor: RuntimeMonitor?, _ sources: RuntimeSources
  ) -> RuntimeRecord? {
    guard let monitor else { return nil }
    let arguments = monitor.arguments.map { $0[...] }
    switch monitor.kind {
    case .conmon: return sources.conmon ? RuntimeRecord(conmon: arguments, containerID: id) : nil
    case .containerdShim:
      guard sources.containerd, let state = stateDirectory(ofShim: arguments) else { return nil }
      return containerd(id, [state])
    }
  }

  /// `<state>/io.containerd.runtime.v2.task/<namespace>` for every namespace, Kubernetes' own first.
  private mutating func tasks(of state: String) -> [String] {
    if let known = taskDirectories[state] { return known }
    var directories: [String] = []
    for version in ["v2.task", "v1.linux"] {
      let root = options.nodePath("\(state)/io.containerd.runtime.\(version)")
      guard case .entries(let names) = node.host.listDirectory(root) else { continue }
      let namespaces = names.filter { KubernetesNames.isContainerName($0) }.map { $0.text }.sorted()
      directories += (namespaces.filter { $0 == "k8s.io" } + namespaces.filter { $0 != "k8s.io" })
        .map { "\(root)/\($0)" }
    }
    taskDirectories[state] = directories
    return directories
  }

  private mutating func read(_ path: String, _ parse: ([UInt8]) -> RuntimeRecord?) -> RuntimeRecord? {
    if let known = files[path] { return known }
    var record: RuntimeRecord?
    if case .bytes(let bytes) = node.host.readFile(path, RuntimeMetadata.fileLimit) { record = parse(bytes) }
    files[path] = .some(record)
    return record
  }

  /// containerd's own, k3s and rke2, microk8s, k0s.
  static let containerdStates = [
    "/run/containerd", "/run/k3s/containerd", "/var/snap/microk8s/common/run/containerd", "/run/k0s/containerd",
  ]
  static let criOStorages = ["/var/lib/containers/storage", "/run/containers/storage"]
  private static let fileLimit = 4 << 20
}

/// Which runtimes may be asked about a container.
private struct RuntimeSources {
  var containerd: Bool
  var criO: Bool
  var conmon: Bool
  var docker: Bool

  var monitor: Bool { containerd || conmon }

  /// Of a container in a user's own part of the cgroup tree its ID is that user's choice: the files of
  /// root's runtimes say nothing about it. Outside of pods there are only plain names, conmon's and Docker's.
  init(_ identity: CgroupIdentity) {
    let runtime = identity.runtime
    let isKubernetes = identity.podUID != nil && !identity.isRootless
    containerd = isKubernetes && (runtime == nil || runtime == .containerd)
    criO = isKubernetes && (runtime == nil || runtime == .criO)
    conmon = runtime == nil || runtime == .criO || runtime == .podman
    docker = !identity.isRootless && (runtime == nil || runtime == .docker)
  }
}
