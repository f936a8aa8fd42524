/// Names pods and containers: by the container runtime's files, and where those do not tell, by the kubelet's log
/// directories.
///
/// If two sources contradict each other, the more trusted one counts; if they are trusted alike, the names are left out and
/// the pod's UID stays. Such a pod, and one without a name, is counted once in a run.
package struct PodNameResolver {
  private let host: Host
  private let options: Options
  private var runtimes: RuntimeMetadata
  /// The names in the log directories, which are listed when the first name is asked for.
  private var logs = PodLogIndex()
  private var areLogsListed = false
  private var unlistedDirectories = 0
  /// Pods that the runtime names.
  private var namedByRuntime: [PodUID: PodName] = [:]
  private var unnamed: Set<PodUID> = []
  private var disputed: Set<PodUID> = []
  private let readPodCgroups: @Sendable () -> Bool
  private var hasPodCgroups: Bool?

  /// `onGPUs` are the PIDs on GPUs. `hasPodCgroups` tells whether the kubelet makes cgroups for pods.
  package init(
    procFS: ProcFS, options: Options, onGPUs: [Int32] = [],
    hasPodCgroups: @escaping @Sendable () -> Bool = { false }
  ) {
    readPodCgroups = hasPodCgroups
    host = procFS.host
    self.options = options
    runtimes = RuntimeMetadata(node: procFS, options: options, onGPUs: onGPUs)
  }

  /// The names for a process whose cgroup shows this pod. Without the pod's name there is no container's name.
  mutating func names(
    inPod uid: PodUID, _ identity: CgroupIdentity, of process: ProcessStat
  ) -> (pod: PodName?, container: String?) {
    listLogs()
    var claims = NameClaims()
    var container = claim(runtimes.namesInFiles(for: identity), uid, &claims)
    if let logged = logs.pod(uid, containerID: identity.containerID) {
      claims.add(logged, from: .podLogs)
    } else if logs.isAmbiguous(uid) {
      claims.add(nil, from: .podLogs)
    }
    if claims.pod != nil { container = container ?? containerInLogs(uid, identity) }
    // The ancestors of a process are read only for what is still missing.
    if container == nil {
      container = claim(runtimes.namesByMonitor(for: identity, of: process), uid, &claims)
    }
    if container == nil { container = claim(runtimes.namesElsewhere(for: identity), uid, &claims) }
    if claims.isDisputed { disputed.insert(uid) }
    guard let pod = claims.pod else {
      unnamed.insert(uid)
      return (nil, nil)
    }
    return (pod, container)
  }

  /// Adds what a runtime says of a pod's name, and returns the container's name.
  private mutating func claim(_ found: RuntimeLookup, _ uid: PodUID, _ claims: inout NameClaims) -> String? {
    switch found {
    case .pod(let name, let container):
      claims.add(name, from: .runtimeFile)
      namedByRuntime[uid] = name
      return container
    case .conflict:
      claims.add(nil, from: .runtimeFile)
      return nil
    case .plain, .unknown: return nil
    }
  }

  private mutating func containerInLogs(_ uid: PodUID, _ identity: CgroupIdentity) -> String? {
    identity.containerID.flatMap { logs.container(podUID: uid, containerID: $0) }
  }

  /// A pod and one of its containers.
  typealias PodContainer = (uid: PodUID, pod: PodName, container: String?)

  /// The pod of a container whose cgroup shows none, as where the kubelet makes no cgroups for pods
  /// (`cgroups-per-qos=false`); `nil` if nothing proves by the container's ID that it is one of a pod.
  mutating func podOfContainer(_ identity: CgroupIdentity) -> PodContainer? {
    if let found = podByBundle(identity) ?? podByLabels(identity) { return found }
    if case .plain = runtimes.namesInFiles(for: identity) { return nil }
    return podByLink(identity)
  }

  /// The pod that the runtime's bundle of this container names, or CRI-O's monitor of it.
  mutating func podByBundle(_ identity: CgroupIdentity, of process: ProcessStat? = nil) -> PodContainer? {
    var record = runtimes.podOfContainer(identity)
    if record == nil, let process { record = runtimes.podByMonitor(identity, of: process) }
    guard let found = record.flatMap(podContainer) else { return nil }
    namedByRuntime[found.uid] = found.pod
    return found
  }

  /// The pod that both Docker's labels of this container and the kubelet's log link of it name, where the kubelet makes no
  /// cgroups for pods. Whoever starts containers chooses labels, and a workload may make links, but neither can do both.
  mutating func podByLabels(_ identity: CgroupIdentity) -> PodContainer? {
    guard identity.containerID != nil, let found = runtimes.dockerRecord(identity).flatMap(podContainer),
      let link = link(of: identity), link.uid == found.uid, link.pod == found.pod, link.container == found.container
    else { return nil }
    namedByRuntime[found.uid] = found.pod
    return found
  }

  private func podContainer(_ record: RuntimeRecord) -> PodContainer? {
    guard let uid = record.podUIDs.first.flatMap({ PodUID($0) }),
      case .pod(let pod, let container) = record.names(podUID: uid)
    else { return nil }
    return (uid, pod, container)
  }

  /// The pod that the kubelet's log link of this container names. It is asked last, because a workload may have made it.
  ///
  /// It is believed only where the kubelet makes no cgroups for pods, and of a container that neither Docker nor podman made.
  mutating func podByLink(_ identity: CgroupIdentity) -> PodContainer? {
    if identity.runtime == .docker || identity.runtime == .podman { return nil }
    return link(of: identity)
  }

  /// The pod that the log link with this container's ID names, where the kubelet makes no cgroups for pods.
  private mutating func link(of identity: CgroupIdentity) -> PodContainer? {
    guard let id = identity.containerID, !identity.isRootless, identity.lxc == nil, identity.machine == nil
    else { return nil }
    listLogs()
    guard let link = logs.container(ofID: id), !podsHaveCgroups() else { return nil }
    return (link.directory.uid, link.directory.pod, link.container)
  }

  /// Whether the kubelet makes cgroups for pods. The tree is looked at once, when the first link asks for it.
  private mutating func podsHaveCgroups() -> Bool {
    let known = hasPodCgroups ?? readPodCgroups()
    hasPodCgroups = known
    return known
  }

  /// Whether a container whose cgroup shows no pod is known to be none of a pod: its runtime names it so, or it is podman's,
  /// of which no kubelet makes pods.
  mutating func isPlainContainer(_ identity: CgroupIdentity) -> Bool {
    if case .plain = runtimes.namesInFiles(for: identity) { return true }
    return identity.runtime == .podman
  }

  /// The identity of the process in the pod that the path shows below a container, if that container is a node of
  /// Kubernetes; else the identity as it is.
  mutating func withInnerPod(_ identity: CgroupIdentity) -> CgroupIdentity {
    guard let inner = identity.ofInnerPod, runtimes.isKubernetesNode(identity) else { return identity }
    return inner
  }

  /// The name of a container outside of pods, as `docker ps` or `podman ps` shows it, or of the LXC container or machine.
  mutating func containerOutsidePods(_ identity: CgroupIdentity, of process: ProcessStat) -> String? {
    if case .plain(let name) = runtimes.namesInFiles(for: identity) { return name }
    if case .plain(let name) = runtimes.namesByMonitor(for: identity, of: process) { return name }
    if case .plain(let name) = runtimes.namesElsewhere(for: identity) { return name }
    return identity.lxc ?? identity.machine
  }

  /// The name of a container without a cgroup of its own, as podman makes it with `--cgroups=disabled`: conmon above the process
  /// has it on its command line.
  mutating func containerWithoutCgroup(of process: ProcessStat) -> String? {
    guard case .plain(let name) = runtimes.nameByConmon(above: process) else { return nil }
    return name
  }

  /// The name of a pod that holds a device; `nil` if it is not known. Files of runtimes are not read for it: a name from
  /// there is used if one of the pod's processes had it.
  mutating func pod(_ uid: PodUID) -> PodName? {
    if let pod = namedByRuntime[uid] { return pod }
    if disputed.contains(uid) { return nil }
    listLogs()
    if let pod = logs.pod(uid) { return pod }
    unnamed.insert(uid)
    if logs.isAmbiguous(uid) { disputed.insert(uid) }
    return nil
  }

  /// The name of a container of this pod by its ID; `nil` if it is not known, or if the container is the pod's sandbox.
  ///
  /// The sandbox has no link in `/var/log`, so a link that lost its ID is not taken for this container's.
  mutating func container(inPod uid: PodUID, _ identity: CgroupIdentity) -> String? {
    switch runtimes.namesInFiles(for: identity) {
    case .pod(_, let container): return container
    case .conflict: return nil
    case .plain, .unknown: break
    }
    listLogs()
    return identity.containerID.flatMap { logs.container(podUID: uid, linkedAs: $0) }
  }

  /// Log directories of which something could not be read.
  var unreadableDirectories: Int { unlistedDirectories + (logs.hasUnreadableLink ? 1 : 0) }

  /// Adds what was given up to the run's counts. It is called once, when all names have been asked for.
  func countProblems(in problems: inout ProblemCounts) {
    problems.add(.logDirectoryUnreadable, unreadableDirectories)
    problems.add(.attributionConflict, disputed.union(logs.disputes).count)
    problems.add(.podNameUnknown, unnamed.count)
  }

  private mutating func listLogs() {
    if areLogsListed { return }
    areLogsListed = true
    let links = options.nodePath("/var/log/containers")
    logs = PodLogIndex(
      podDirectories: names(in: options.nodePath("/var/log/pods")), linkNames: names(in: links),
      target: { [host] name in host.readLink(links + "/" + name.text) })
  }

  private mutating func names(in directory: String) -> [ArraySlice<UInt8>] {
    switch host.listDirectory(directory) {
    case .entries(let names): return names
    case .absent: return []
    case .failed:
      unlistedDirectories += 1
      return []
    }
  }
}
