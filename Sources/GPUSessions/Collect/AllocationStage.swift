extension Collector {
  /// What the kubelet has handed to the pods that are alive. Absent where there is no kubelet.
  mutating func readAllocations(_ names: inout PodNameResolver) {
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
    _ contents: KubeletFiles.Contents, _ cgroups: PodCgroups, _ names: inout PodNameResolver
  ) throws(KubeletFiles.Failure) -> [Allocation] {
    var held = HeldDevices(contents, DeviceIndex(snapshot, host, options))
    snapshot.problems.add(.allocationDeviceUnknown, held.unknown + contents.unpreparedClaims)
    defer { snapshot.problems.add(.allocationStale, held.goneCount) }
    if held.rows.isEmpty { return [] }
    guard let alive = cgroups.liveUIDs() else {
      throw KubeletFiles.Failure(
        sentence: "\(cgroups.root) does not show the node's pods: nobody knows which are alive")
    }
    var found = AllocationRows(held)
    for row in held.rows {
      if let uid = PodUID(held.holdings.podUID(row.holding)), alive.contains(uid) {
        found.add(row, uid, names.pod(uid))
      } else {
        held.forget(row)
      }
    }
    return found.sorted()
  }
}
