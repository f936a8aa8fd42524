extension Pipeline {
  /// What the kubelet has handed to pods that are alive, sorted. On a node without a kubelet the stage does not apply.
  func findAllocations(
    on inventory: Inventory, _ sessions: [Session], _ names: inout PodNameResolver, _ report: inout RunReport
  ) -> [Allocation] {
    let start = host.now()
    let livePods = LivePods(host: host, root: options.cgroupRoot)
    guard let devices = KubeletFiles(host: host, options: options).read() ?? devicesElsewhere(livePods, sessions)
    else {
      if livePods.find()?.uids.isEmpty ?? true { return [] }
      report.remarks.append(
        "allocations: \(options.kubeletRoot) has no checkpoint yet: no device has been handed out")
      finish(.allocations, true, since: start, in: &report)
      return []
    }
    let resolver = AllocationResolver(devices, on: DeviceIndex(inventory, host, options))
    report.problems.add(
      .allocationDeviceUnknown,
      resolver.unknownCount + devices.unknownClaimDevices + devices.claimsWithoutDevices)
    report.problems.add(.allocationStale, resolver.stale.count)
    var failures = devices.failures
    let allocations = liveAllocations(resolver, livePods, sessions, &names, &report.problems, &failures)
    for failure in failures { report.warnings.append("allocations: " + failure.sentence) }
    finish(.allocations, failures.isEmpty, since: start, in: &report)
    return allocations
  }

  /// What the kubelet has written into another directory than the usual one, which its command line tells (`--root-dir`).
  ///
  /// It is looked for only if pods run here and no option names the directory.
  private func devicesElsewhere(_ livePods: LivePods, _ sessions: [Session]) -> HandedOutDevices? {
    guard options.kubeletRootOverride == nil else { return nil }
    let hasPods = sessions.contains { $0.owner.podUID != nil } || livePods.find()?.uids.isEmpty == false
    if !hasPods { return nil }
    return kubeletRoots(host, options, onGPUs: sessions.map(\.pid)).lazy
      .compactMap { KubeletFiles(host: host, options: options, root: $0).read() }.first
  }

  /// The pods in the whole cgroup tree, and those of containers that lie in no pod's cgroup; `nil` if the tree does not show
  /// which pods are alive.
  ///
  /// It is asked only if the usual branches do not have every pod that holds something: such a pod is gone, or elsewhere.
  private func findElsewhere(_ livePods: LivePods, _ names: inout PodNameResolver) -> PodCgroups? {
    guard var found = livePods.find(.everywhere) else { return nil }
    for container in found.containers {
      if let pod = names.podOfContainer(container) { found.uids.insert(pod.uid) }
    }
    return found.branches.isEmpty && found.uids.isEmpty ? nil : found
  }

  /// The allocations of pods that are alive: those with a cgroup, and those with a session, wherever their cgroup lies.
  ///
  /// Where the cgroup tree cannot be read, nobody knows of a pod without a session whether it is alive: what it holds is
  /// neither an allocation nor stale.
  private func liveAllocations(
    _ resolver: AllocationResolver, _ livePods: LivePods, _ sessions: [Session],
    _ names: inout PodNameResolver, _ problems: inout ProblemCounts, _ failures: inout [KubeletFailure]
  ) -> [Allocation] {
    // The cgroup tree is read only if something is held.
    if resolver.held.isEmpty { return [] }
    let withSession = Set(sessions.compactMap(\.owner.podUID))
    var cgroups = livePods.find()
    if let found = cgroups, !resolver.isEveryPod(in: found.uids.union(withSession)) {
      cgroups = findElsewhere(livePods, &names)
    }
    if cgroups == nil { failures.append(KubeletFailure(path: livePods.root, source: .cgroups, cause: .noPods)) }
    var running = RunningContainers(sessions, cgroups ?? PodCgroups(), host)
    let alive = (cgroups?.uids ?? []).union(withSession)
    let allocations = resolver.allocations(alive: alive, &running, &names)
    if cgroups != nil { problems.add(.allocationStale, allocations.ofOthers) }
    return allocations.ofLivePods
  }
}
