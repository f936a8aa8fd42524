extension Check {
  /// Whether the kubelet's files about devices can be read and fit what nvidia-smi lists.
  static func allocations(_ context: CheckContext) -> Finding {
    let files = KubeletFiles(host: context.host, options: context.options)
    do throws(KubeletFiles.Failure) {
      guard let contents = try files.read() else { return withoutCheckpoint(context) }
      return judge(contents, context)
    } catch {
      return .fail(error.sentence, "run it as root; if the file is torn: sudo systemctl restart kubelet")
    }
  }

  private static func withoutCheckpoint(_ context: CheckContext) -> Finding {
    let root = context.options.kubeletRoot
    switch context.host.listDirectory(root) {
    case .failed(let errno): return .warn("\(root) cannot be read (\(errno.reason))", asRoot)
    case .entries: return .pass("\(root) has no checkpoint yet: no device has been handed out")
    case .absent:
      if !context.hasPods { return .skip("there is no kubelet: \(root) is not there") }
      return .warn(
        "pods run here, and \(root) is not there",
        "name the kubelet's directory with --kubelet-root DIR, in a container after mounting it read-only")
    }
  }

  private static func judge(_ contents: HandedOutDevices, _ context: CheckContext) -> Finding {
    if contents.isFromEarlierBoot {
      return .warn(
        "the kubelet wrote its checkpoint before the last reboot", "see whether it runs: systemctl status kubelet")
    }
    if contents.entries.isEmpty { return .pass("no device is handed out") }
    if context.livePods == nil {
      return .fail(
        "\(context.options.cgroupRoot) does not show which pods are alive, so no allocation is published",
        "mount the node's /sys/fs/cgroup below --host-root, read-only")
    }
    let unknown = context.problems[.allocationDeviceUnknown]
    if unknown > 0 {
      return .warn(
        "\(count(unknown, "device")) handed out that nvidia-smi does not show",
        "restart the device plugin after GPUs or MIG instances have changed")
    }
    return .pass("\(count(contents.entries.count, "container")) with devices in the kubelet's files")
  }
}
