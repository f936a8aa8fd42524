extension Collector {
  /// What the kubelet has handed to the pods that are alive. Absent where there is no kubelet.
  mutating func readAllocations(_ names: inout PodNames) {
    let start = host.now()
    let cgroups = PodCgroups(host: host, root: options.nodePath("/sys/fs/cgroup"))
    do throws(KubeletFiles.Failure) {
      guard let contents = try KubeletFiles(host: host, options: options).read() else {
        if cgroups.liveUIDs()?.isEmpty ?? true { return }
        snapshot.remarks.append(
          "allocations: \(options.kubeletRoot) has no checkpoint yet: no device has been handed out")
        return finish(.allocations, true, from: start)
      }
      snapshot.allocations = try allocations(contents, cgroups, &names)
      finish(.allocations, true, from: start)
    } catch {
      snapshot.warnings.append("allocations: " + error.sentence)
      finish(.allocations, false, from: start)
    }
  }

  private mutating func allocations(
    _ contents: KubeletFiles.Contents, _ cgroups: PodCgroups, _ names: inout PodNames
  ) throws(KubeletFiles.Failure) -> [Allocation] {
    var devices = AllocatableDevices(snapshot, host, options)
    var (held, stale) = (HeldDevices(), HeldDevices())
    for holding in contents.holdings {
      let unknown =
        contents.isStale && holding.claim.isEmpty ? stale.add(holding, &devices) : held.add(holding, &devices)
      snapshot.problems.add(.allocationDeviceUnknown, unknown)
    }
    snapshot.problems.add(.allocationStale, stale.count)
    snapshot.problems.add(.allocationDeviceUnknown, contents.unpreparedClaims)
    if held.count == 0 { return [] }
    guard let alive = cgroups.liveUIDs() else {
      throw KubeletFiles.Failure(
        sentence: "\(cgroups.root) does not show the node's pods: nobody knows which are alive")
    }
    let rows = held.rows(ofPods: alive)
    snapshot.problems.add(.allocationStale, held.count - rows.count)
    return rows.map { $0.named(names.pod(uid: $0.podUID)) }.sorted()
  }
}

extension Allocation {
  /// With the pod's name where it is known; without, the UID stands for it. The container's name is the kubelet's
  /// own and stays: it tells two containers of one pod apart.
  fileprivate func named(_ name: PodName?) -> Allocation {
    var allocation = self
    allocation.pod = name?.name ?? pod
    allocation.namespace = name?.namespace ?? ""
    return allocation
  }
}
