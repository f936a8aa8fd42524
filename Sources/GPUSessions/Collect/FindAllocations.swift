extension Pipeline {
  /// What the kubelet has handed to pods that are alive, sorted. On a node without a kubelet the stage does not apply.
  func findAllocations(
    on inventory: Inventory, _ sessions: [Session], _ names: inout PodNameResolver, _ report: inout RunReport
  ) -> [Allocation] {
    let start = host.now()
    var pods = PodSearch(LivePods(host: host, root: options.cgroupRoot))
    let kubelet = MovedKubelet(host: host, options: options, onGPUs: sessions.map(\.pid))
    let withSession = Set(sessions.compactMap(\.owner.podUID))
    guard let devices = kubelet.read(podsWithSession: withSession, hasPods: { pods.hasPods }) else {
      if pods.hasPods { finishWithoutFiles(kubelet.missingDirectory, since: start, &report) }
      return []
    }
    let resolver = AllocationResolver(devices, on: DeviceIndex(inventory, host, options))
    report.problems.add(
      .allocationDeviceUnknown,
      resolver.unknownCount + devices.unknownClaimDevices + devices.claimsWithoutDevices)
    report.problems.add(.allocationStale, resolver.stale.count)
    var failures = devices.failures
    let allocations = liveAllocations(resolver, &pods, sessions, &names, &report.problems, &failures)
    for failure in failures { report.warnings.append("allocations: " + failure.sentence) }
    finish(.allocations, failures.isEmpty, since: start, in: &report)
    return allocations
  }

  /// Pods run here, and no file of a kubelet says what they hold: nothing was handed out yet, or its directory is elsewhere.
  private func finishWithoutFiles(_ missing: KubeletFailure?, since start: Nanoseconds, _ report: inout RunReport) {
    if let missing {
      report.warnings.append("allocations: " + missing.sentence)
    } else {
      report.remarks.append(
        "allocations: no checkpoint in \(options.kubeletRoot): no device was handed out yet, or the kubelet's directory"
          + " is another one (--kubelet-root)")
    }
    finish(.allocations, missing == nil, since: start, in: &report)
  }

  /// The allocations of pods that are alive: those with a cgroup, and those with a session, wherever their cgroup lies.
  ///
  /// Where the cgroup tree does not show the pods, nobody knows of a pod without a session whether it is alive: what it holds
  /// is neither an allocation nor stale.
  private func liveAllocations(
    _ resolver: AllocationResolver, _ pods: inout PodSearch, _ sessions: [Session],
    _ names: inout PodNameResolver, _ problems: inout ProblemCounts, _ failures: inout [KubeletFailure]
  ) -> [Allocation] {
    // The cgroup tree is read only if something is held.
    if resolver.held.isEmpty { return [] }
    let withSession = Set(sessions.compactMap(\.owner.podUID))
    let cgroups = pods.find(holding: resolver, known: withSession, &names)
    var running = RunningContainers(sessions, cgroups, host)
    let allocations = resolver.allocations(alive: cgroups.uids.union(withSession), &running, &names)
    if cgroups.showsAllPods {
      problems.add(.allocationStale, allocations.ofOthers)
    } else {
      failures.append(KubeletFailure(path: pods.tree.root, source: .cgroups, cause: .noPods))
    }
    return allocations.ofLivePods
  }
}
