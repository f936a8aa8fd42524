/// What the kubelet and NVIDIA's DRA driver have written down about devices that were handed out.
struct HandedOutDevices {
  /// The entries of all plugins and claims, NVIDIA's or not.
  var entries: [PodDeviceEntry] = []
  /// Whether the device plugins' checkpoint was written before the node's last reboot.
  var isFromEarlierBoot = false
  /// Claims of NVIDIA's driver for which the driver has prepared nothing.
  var unpreparedClaims = 0
}

/// Reads the files below the kubelet's directory.
struct KubeletFiles {
  let host: Host
  let options: Options

  /// Why the files could not be read, as a sentence for a warning.
  struct Failure: Error { var sentence: String }

  private static let driver = "gpu.nvidia.com"
  private static let limit = 64 << 20

  /// Reads the files there are; `nil` if there is none.
  func read() throws(Failure) -> HandedOutDevices? {
    let checkpoint = try file("/device-plugins/kubelet_internal_checkpoint") { DevicePluginCheckpoint($0) }
    let state = try file("/dra_manager_state") { DRAState($0) }
    if checkpoint == nil, state == nil { return nil }
    var devices = HandedOutDevices()
    if let checkpoint {
      devices.entries = checkpoint.entries
      devices.isFromEarlierBoot = isFromEarlierBoot(checkpoint.bootID)
    }
    if let state { try addClaims(state, to: &devices) }
    return devices
  }

  /// Adds the devices that NVIDIA's driver prepared for claims. A claim belongs to its pods, not to a container.
  private func addClaims(_ state: DRAState, to devices: inout HandedOutDevices) throws(Failure) {
    let claims = state.claims.filter { $0.drivers.contains(KubeletFiles.driver) }
    if claims.isEmpty { return }
    let name = "/plugins/\(KubeletFiles.driver)/checkpoint.json"
    guard let prepared = try file(name, { DRADriverCheckpoint($0) }) else {
      throw Failure(sentence: "\(options.kubeletRoot + name) is missing, and claims have devices of its driver")
    }
    for claim in claims {
      guard let ids = prepared.claims[claim.uid]?.uuids else {
        devices.unpreparedClaims += 1
        continue
      }
      for podUID in claim.podUIDs {
        devices.entries.append(
          PodDeviceEntry(
            podUID: PodUID(podUID), containerName: "", resourceName: KubeletFiles.driver,
            deviceIDs: ids.map { Array($0.utf8)[...] },
            claimUID: claim.uid))
      }
    }
  }

  /// Compares the boot ID of the checkpoint with the kernel's. If either has none, the checkpoint counts as current.
  private func isFromEarlierBoot(_ bootID: String?) -> Bool {
    guard let bootID, let bytes = host.readFile(options.proc + "/sys/kernel/random/boot_id", 256).contents else {
      return false
    }
    let now = bytes.prefix { $0 != UInt8(ascii: "\n") }.trimmed
    return !now.isEmpty && !now.equals(bootID)
  }

  /// Reads and parses one file; `nil` if it is not there. Throws if it cannot be read or has another shape.
  private func file<T>(_ name: String, _ parse: ([UInt8]) -> T?) throws(Failure) -> T? {
    let path = options.kubeletRoot + name
    switch host.readFile(path, KubeletFiles.limit) {
    case .absent: return nil
    case .bytes(let bytes):
      if let value = parse(bytes) { return value }
      throw Failure(sentence: "\(path) is not as the kubelet or the driver writes it")
    case .failed(let errno): throw Failure(sentence: "\(path) could not be read (\(errno.reason))")
    case .tooLong: throw Failure(sentence: "\(path) is longer than \(KubeletFiles.limit >> 20) MiB")
    }
  }
}
