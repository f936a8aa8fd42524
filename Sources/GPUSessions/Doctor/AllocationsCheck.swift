extension Check {
  /// Whether the kubelet's files about devices can be read and fit what nvidia-smi lists.
  static func allocations(_ context: CheckContext) -> Finding {
    let kubelet = kubelet(context)
    guard let contents = kubelet.read(podsWithSession: context.podsWithSession, hasPods: { context.hasPods }) else {
      return withoutCheckpoint(context, kubelet.missingDirectory)
    }
    if !contents.failures.isEmpty {
      return .fail(list(contents.failures.map(\.fact)), list(contents.failures.map(\.remedy)))
    }
    var finding = judge(contents, context)
    for root in contents.roots where root != context.options.kubeletRoot {
      let isUsual = KubeletFiles.otherRoots.map(context.options.nodePath).contains(root)
      finding.seen += ", below \(root)" + (isUsual ? "" : " (from the kubelet's command line)")
    }
    return finding
  }

  private static func kubelet(_ context: CheckContext) -> MovedKubelet {
    MovedKubelet(host: context.host, options: context.options, onGPUs: context.outcome?.report.listedPIDs ?? [])
  }

  private static func withoutCheckpoint(_ context: CheckContext, _ missing: KubeletFailure?) -> Finding {
    let root = context.options.kubeletRoot
    if let missing {
      if context.hasPods { return .fail(missing.fact, missing.remedy) }
      return .skip("there is no kubelet: \(root) is not there")
    }
    if case .failed(let errno) = context.host.listDirectory(root) {
      return .warn("\(root) cannot be read (\(errno.reason))", asRoot)
    }
    return .pass("\(root) has no checkpoint yet: no device has been handed out")
  }

  private static func judge(_ contents: HandedOutDevices, _ context: CheckContext) -> Finding {
    if contents.isFromEarlierBoot {
      return .warn(
        "the kubelet wrote its checkpoint before the last reboot", "see whether it runs: systemctl status kubelet")
    }
    if contents.entries.isEmpty, contents.claimsWithoutDevices == 0 { return .pass("no device is handed out") }
    if !context.showsLivePods {
      return .fail(
        "\(context.options.cgroupRoot) does not show which pods are alive, so only allocations of pods with a session"
          + " are published",
        "mount the node's /sys/fs/cgroup below --host-root, read-only")
    }
    let doubts = unknownDevices(contents, context) + staleDevices(context)
    if doubts.isEmpty {
      return .pass(
        "\(count(contents.entries.count, "entry", plural: "entries")) with devices in the kubelet's files")
    }
    return .warn(list(doubts.map(\.seen)), list(doubts.map(\.advice)))
  }

  /// What is seen, and what to do about it.
  private typealias Doubt = (seen: String, advice: String)

  /// Devices of which nobody knows which of nvidia-smi's they are. Each cause has its own remedy.
  private static func unknownDevices(_ contents: HandedOutDevices, _ context: CheckContext) -> [Doubt] {
    var doubts: [Doubt] = []
    let resolver = context.inventory.map { inventory in
      AllocationResolver(contents, on: DeviceIndex(inventory, context.host, context.options))
    }
    if let resolver, resolver.missingCount > 0 {
      doubts.append(
        (
          "\(count(resolver.missingCount, "device")) handed out that nvidia-smi does not show",
          "if GPUs or MIG instances have changed, restart the device plugin"
        ))
    }
    if let resolver, resolver.foreignCount > 0 {
      doubts.append(
        (
          "\(count(resolver.foreignCount, "device")) of a plugin whose IDs are not NVIDIA's (HAMi?)",
          "sessions on them are published, but not which pods hold them: for that see the plugin's own metrics"
        ))
    }
    if contents.claimsWithoutDevices > 0 {
      doubts.append(
        (
          "\(count(contents.claimsWithoutDevices, "resource claim")) without devices in NVIDIA's DRA driver's checkpoint",
          "if the devices do not appear there, see the DRA driver's log on this node"
        ))
    }
    if contents.unknownClaimDevices > 0 {
      doubts.append(
        (
          "\(count(contents.unknownClaimDevices, "device")) of resource claims, of a kind that is not known",
          "update gpu-sessions; if the newest version does not know it either, report it"
        ))
    }
    return doubts
  }

  /// Entries of pods that have neither a cgroup nor a session. The kubelet drops those of deleted pods when it hands out
  /// the next device (`pkg/kubelet/cm/devicemanager/manager.go`, `UpdateAllocatedDevices`).
  private static func staleDevices(_ context: CheckContext) -> [Doubt] {
    let stale = context.problems[.allocationStale]
    if stale == 0 { return [] }
    return [
      (
        "\(count(stale, "device")) handed to pods that have no cgroup here",
        "the kubelet removes deleted pods from its file, often only when it hands out the next device; if one of the"
          + " pods still runs, look for its cgroup: see cgroupRoot in the kubelet's configuration"
      )
    ]
  }

  private static func list(_ parts: [String]) -> String { parts.joined(separator: "; ") }
}
