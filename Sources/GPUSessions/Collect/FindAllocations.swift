extension Pipeline {
  /// What the kubelet has handed to pods that are alive, sorted. On a node without a kubelet the stage does not apply.
  func findAllocations(
    on inventory: Inventory, _ names: inout PodNameResolver, _ report: inout RunReport
  ) -> [Allocation] {
    let start = host.now()
    let livePods = LivePods(host: host, root: options.cgroupRoot)
    do throws(KubeletFiles.Failure) {
      guard let devices = try KubeletFiles(host: host, options: options).read() else {
        if livePods.uids()?.isEmpty ?? true { return [] }
        report.remarks.append(
          "allocations: \(options.kubeletRoot) has no checkpoint yet: no device has been handed out")
        finish(.allocations, true, since: start, in: &report)
        return []
      }
      let allocations = try resolve(devices, on: inventory, livePods, &names, &report.problems)
      finish(.allocations, true, since: start, in: &report)
      return allocations
    } catch {
      report.warnings.append("allocations: " + error.sentence)
      finish(.allocations, false, since: start, in: &report)
      return []
    }
  }

  private func resolve(
    _ devices: HandedOutDevices, on inventory: Inventory, _ livePods: LivePods, _ names: inout PodNameResolver,
    _ problems: inout ProblemCounts
  ) throws(KubeletFiles.Failure) -> [Allocation] {
    let resolver = AllocationResolver(devices, on: DeviceIndex(inventory, host, options))
    problems.add(.allocationDeviceUnknown, resolver.unknownCount + devices.unpreparedClaims)
    problems.add(.allocationStale, resolver.stale.count)
    // The cgroup tree is read only if something is held.
    if resolver.held.isEmpty { return [] }
    guard let alive = livePods.uids() else {
      throw KubeletFiles.Failure(
        sentence: "\(livePods.root) does not show the node's pods: nobody knows which are alive")
    }
    let allocations = resolver.allocations(alive: alive, &names)
    problems.add(.allocationStale, allocations.ofOthers)
    return allocations.ofLivePods
  }
}
