/// Names of pods and containers from what the container runtimes keep on the node.
///
/// The sources in their order: containerd's OCI bundle, CRI-O's, podman's list, Docker's configuration, then the container's
/// monitor, then directories that have been moved. If the cgroup shows the runtime, only the sources of that runtime are
/// read. No file is read twice in one run, and only the keys that are named here are kept of it, because these files also
/// contain secrets.
package struct RuntimeMetadata: Sendable {
  let node: ProcFS
  let options: Options
  /// What each file says; the value is `nil` if the file is absent or describes no container.
  ///
  /// The key is the path and not the container ID: one ID may occur both in a cgroup that is believed and in one that
  /// is not.
  private var files: [String: RuntimeRecord?] = [:]
  /// The directories of tasks below each state directory so far.
  private var taskDirectories: [(state: String, directories: [String])] = []
  var remappedRoots: [String: [String]] = [:]
  var podmanNames: [String: [String: String]] = [:]
  /// The directories of containers below each storage so far.
  var containerDirectories: [String: [String]] = [:]
  private var monitors: RuntimeMonitors
  var roots: RuntimeRoots

  /// `onGPUs` are the PIDs on GPUs: their command lines are never read.
  package init(node: ProcFS, options: Options, onGPUs: [Int32] = []) {
    self.node = node
    self.options = options
    monitors = RuntimeMonitors(node: node)
    roots = RuntimeRoots(node: node, options: options, onGPUs: onGPUs)
  }

  /// What the runtime's files say about this container, in the places where runtimes keep them.
  package mutating func namesInFiles(for identity: CgroupIdentity) -> RuntimeLookup {
    names(for: identity) { metadata, id, sources in metadata.inFiles(id, sources) }
  }

  /// What the container's monitor says: the command line of conmon, or the files where a containerd shim tells them to be.
  ///
  /// `process` is one of the container's processes. To find the monitor its ancestors are read.
  package mutating func namesByMonitor(for identity: CgroupIdentity, of process: ProcessStat) -> RuntimeLookup {
    names(for: identity) { metadata, id, sources in
      guard sources.monitor, let monitor = metadata.monitors.monitor(above: process, in: identity) else {
        return nil
      }
      return metadata.monitored(id, by: monitor, sources)
    }
  }

  /// What CRI-O's conmon above the process says of a container whose cgroup shows no pod: conmon has the container's ID and
  /// the pod's UID on its command line, and only root makes a cgroup that is named as CRI-O's.
  mutating func podByMonitor(_ identity: CgroupIdentity, of process: ProcessStat) -> RuntimeRecord? {
    guard identity.runtime == .criO, !identity.isRootless, let id = identity.containerID,
      let monitor = monitors.monitor(above: process, in: identity), monitor.kind == .conmon
    else { return nil }
    return RuntimeRecord(conmon: monitor.arguments.map { $0[...] }, containerID: id)
  }

  /// What Docker's file says about a container. Its labels are the user's who made it.
  mutating func dockerRecord(_ identity: CgroupIdentity) -> RuntimeRecord? {
    guard RuntimeSources(identity).docker, let id = identity.containerID,
      KubernetesNames.isContainerID(id.utf8Span.span)
    else { return nil }
    return usualDocker(id) ?? runningDocker(id)
  }

  /// What the nearest conmon above a process without a cgroup of its own says of its container.
  mutating func nameByConmon(above process: ProcessStat) -> RuntimeLookup {
    guard let monitor = monitors.monitor(above: process, in: CgroupIdentity()), monitor.kind == .conmon else {
      return .unknown
    }
    return RuntimeRecord(conmon: monitor.arguments.map { $0[...] })?.names(podUID: nil) ?? .unknown
  }

  /// What the runtime's files say about this container where its directories have been moved.
  ///
  /// Kubernetes' runtimes are looked for elsewhere only if none of their usual places is there: containers that no file
  /// describes are ordinary, and to find the daemons all processes are looked at.
  package mutating func namesElsewhere(for identity: CgroupIdentity) -> RuntimeLookup {
    names(for: identity) { metadata, id, sources in
      if sources.containerd, metadata.usualTasks.isEmpty,
        let found = metadata.containerd(id, metadata.moved(.containerd))
      {
        return found
      }
      if sources.criO, identity.runtime == .criO || metadata.usualTasks.isEmpty,
        let found = metadata.criO(id, metadata.moved(.storage))
      {
        return found
      }
      if sources.podman, let found = metadata.podman(id, metadata.moved(.storage)) { return found }
      guard sources.docker, identity.runtime == .docker || identity.podUID == nil else { return nil }
      return metadata.runningDocker(id)
    }
  }

  /// What the files of Kubernetes' runtimes say about a container whose cgroup shows no pod.
  ///
  /// A bundle proves the pod by the container's ID, because only the runtime of Kubernetes writes there.
  mutating func podOfContainer(_ identity: CgroupIdentity) -> RuntimeRecord? {
    let isKubernetes = identity.runtime == nil || identity.runtime == .containerd || identity.runtime == .criO
    guard isKubernetes, !identity.isRootless, let id = identity.containerID,
      KubernetesNames.isContainerID(id.utf8Span.span)
    else { return nil }
    let states = RuntimeKind.containerd.usualRoots
    return containerd(id, states, namespace: "k8s.io") ?? criO(id, RuntimeKind.storage.usualRoots)
      ?? (usualTasks.isEmpty
        ? containerd(id, moved(.containerd), namespace: "k8s.io") ?? criO(id, moved(.storage)) : nil)
  }

  private mutating func moved(_ kind: RuntimeKind) -> [String] {
    (roots.configured(kind) + roots.running(kind)).map(\.path).filter { !kind.usualRoots.contains($0) }
  }

  /// The directories of Kubernetes' tasks in the usual places. Docker's containerd has its own there.
  private var usualTasks: [String] {
    mutating get { RuntimeKind.containerd.usualRoots.flatMap { tasks(of: $0) }.filter { $0.hasSuffix("/k8s.io") } }
  }

  private mutating func names(
    for identity: CgroupIdentity,
    _ record: (inout RuntimeMetadata, _ id: String, RuntimeSources) -> RuntimeRecord?
  ) -> RuntimeLookup {
    guard let id = identity.containerID, KubernetesNames.isContainerID(id.utf8Span.span) else { return .unknown }
    return record(&self, id, RuntimeSources(identity))?.names(podUID: identity.podUID) ?? .unknown
  }

  /// Whether Docker's own file says that the container is a node of Kubernetes.
  mutating func isKubernetesNode(_ identity: CgroupIdentity) -> Bool {
    dockerRecord(identity)?.isKubernetesNode ?? false
  }

  private mutating func inFiles(_ id: String, _ sources: RuntimeSources) -> RuntimeRecord? {
    if sources.containerd, let found = containerd(id, RuntimeKind.containerd.usualRoots) { return found }
    if sources.criO, let found = criO(id, RuntimeKind.storage.usualRoots) { return found }
    if sources.podman, let found = podman(id, RuntimeKind.storage.usualRoots) { return found }
    return sources.docker ? usualDocker(id) : nil
  }

  /// Looks below the state directories, with `namespace` in that of containerd's namespaces only.
  private mutating func containerd(_ id: String, _ states: [String], namespace: String? = nil) -> RuntimeRecord? {
    for state in states {
      for directory in tasks(of: state) where namespace.map({ directory.hasSuffix("/" + $0) }) ?? true {
        let path = "\(directory)/\(id)/config.json"
        if let found = read(path, RuntimeRecord.init(containerdBundle:)) { return found }
      }
    }
    return nil
  }

  private mutating func criO(_ id: String, _ storages: [String]) -> RuntimeRecord? {
    for directory in storages.flatMap({ directories(ofStorage: $0) }) {
      if let found = read("\(directory)/\(id)/userdata/config.json", RuntimeRecord.init(criOBundle:)) {
        return found
      }
    }
    return nil
  }

  private mutating func monitored(
    _ id: String, by monitor: RuntimeMonitor, _ sources: RuntimeSources
  ) -> RuntimeRecord? {
    let arguments = monitor.arguments.map { $0[...] }
    switch monitor.kind {
    case .conmon: return sources.conmon ? RuntimeRecord(conmon: arguments, containerID: id) : nil
    case .containerdShim:
      guard sources.containerd, let state = stateDirectory(ofShim: arguments) else { return nil }
      return containerd(id, [state])
    }
  }

  /// The directories of all containerd namespaces below a state directory, the namespace of Kubernetes first.
  ///
  /// They are `<state>/io.containerd.runtime.v2.task/<namespace>` and, of old versions, `….v1.linux/<namespace>`.
  private mutating func tasks(of state: String) -> [String] {
    if let known = taskDirectories.first(where: { $0.state == state }) { return known.directories }
    var directories: [String] = []
    for version in ["v2.task", "v1.linux"] {
      let root = options.nodePath("\(state)/io.containerd.runtime.\(version)")
      guard case .entries(let names) = node.host.listDirectory(root) else { continue }
      let namespaces = names.filter { KubernetesNames.isContainerName($0) }.map { $0.text }.sorted()
      directories += (namespaces.filter { $0 == "k8s.io" } + namespaces.filter { $0 != "k8s.io" })
        .map { "\(root)/\($0)" }
    }
    taskDirectories.append((state, directories))
    return directories
  }

  mutating func read(_ path: String, _ parse: ([UInt8]) -> RuntimeRecord?) -> RuntimeRecord? {
    if let known = files[path] { return known }
    let record = node.host.readFile(path, RuntimeMetadata.fileLimit).contents.flatMap(parse)
    files.updateValue(record, forKey: path)  // A subscript would remove the key where the record is `nil`.
    return record
  }

  private static let fileLimit = 4 << 20
}

/// Which sources may be asked about a container.
private struct RuntimeSources {
  var containerd: Bool
  var criO: Bool
  var conmon: Bool
  var docker: Bool
  var podman: Bool

  var monitor: Bool { containerd || conmon }

  /// In a user's own part of the cgroup tree that user chooses the container's ID, so the files of root's runtimes are
  /// not asked about it. Outside of pods only podman's list, conmon and Docker know a name.
  init(_ identity: CgroupIdentity) {
    let runtime = identity.runtime
    let isKubernetes = identity.podUID != nil && !identity.isRootless
    containerd = isKubernetes && (runtime == nil || runtime == .containerd)
    criO = isKubernetes && (runtime == nil || runtime == .criO)
    podman = identity.podUID == nil && !identity.isRootless && runtime == .podman
    conmon = runtime == nil || runtime == .criO || runtime == .podman
    docker = !identity.isRootless && (runtime == nil || runtime == .docker)
  }
}
