/// What the kubelet and NVIDIA's DRA driver have written down about devices that were handed out.
struct HandedOutDevices {
  /// The entries of all plugins and claims, NVIDIA's or not.
  var entries: [PodDeviceEntry] = []
  /// Whether the device plugins' checkpoint was written before the node's last reboot.
  var isFromEarlierBoot = false
  /// Claims of NVIDIA's driver whose devices are not known: it has not prepared them to the end, or its file is not there.
  var claimsWithoutDevices = 0
  /// Devices of claims that are of a kind that is not known.
  var unknownClaimDevices = 0
  /// The files that could not be read.
  var failures: [KubeletFailure] = []
  /// The directories of kubelets in which there was a file, each once.
  var roots: [String] = []
}

/// Reads the files below the kubelet's directory. Each of them is read whatever the others are.
///
/// With `--root-dir` the kubelet moves `dra_manager_state` and leaves the checkpoint of device plugins below `/var/lib/kubelet`
/// (k0s, issue 7585), so each file is looked for in several directories.
struct KubeletFiles {
  let host: Host
  let options: Options
  /// The directories of kubelets. Of each file the first one counts.
  let roots: [String]

  /// Looks into the directories `moved` first.
  init(host: Host, options: Options, moved: [String] = []) {
    self.host = host
    self.options = options
    var roots = moved + [options.kubeletRoot]
    if options.kubeletRootOverride == nil { roots += KubeletFiles.otherRoots.map(options.nodePath) }
    self.roots = roots.enumerated().filter { !roots[..<$0.offset].contains($0.element) }.map(\.element)
  }

  /// Where k0s and microk8s have the kubelet's directory.
  static let otherRoots = ["/var/lib/k0s/kubelet", "/var/snap/microk8s/common/var/lib/kubelet"]

  private static let driver = "gpu.nvidia.com"
  private static let driverFile = "/plugins/\(driver)/checkpoint.json"
  private static let stateFile = "/dra_manager_state"
  private static let limit = 64 << 20

  /// Reads the files there are; `nil` if there is none.
  func read() -> HandedOutDevices? {
    var devices = HandedOutDevices()
    let checkpoint = file("/device-plugins/kubelet_internal_checkpoint", .pluginCheckpoint, &devices) {
      DevicePluginCheckpoint($0)
    }
    let state = claims(&devices)
    if checkpoint == nil, state == nil, devices.failures.isEmpty { return nil }
    if let checkpoint {
      devices.entries = checkpoint.entries
      devices.isFromEarlierBoot = isFromEarlierBoot(checkpoint.bootID)
    }
    if let state { addClaims(state, to: &devices) }
    return devices
  }

  /// Which pods have claims; `nil` if the kubelet's file is not there. It has to be where NVIDIA's driver has prepared one.
  private func claims(_ devices: inout HandedOutDevices) -> DRAState? {
    let earlierFailures = devices.failures.count
    let state = file(KubeletFiles.stateFile, .claims, &devices) { DRAState($0) }
    guard state == nil, devices.failures.count == earlierFailures else { return state }
    var ignored = HandedOutDevices()
    let prepared = file(KubeletFiles.driverFile, .driverCheckpoint(claims: 0), &ignored) { DRADriverCheckpoint($0) }
    if prepared?.claims.isEmpty == false { devices.failures.append(missing(KubeletFiles.stateFile, .claims)) }
    return nil
  }

  /// Adds the devices that NVIDIA's driver prepared for claims. A claim belongs to its pods, not to a container.
  private func addClaims(_ state: DRAState, to devices: inout HandedOutDevices) {
    let claims = state.claims.filter { $0.drivers.contains(KubeletFiles.driver) }
    if claims.isEmpty { return }
    let prepared = driverCheckpoint(forClaims: claims.count, &devices)
    for claim in claims {
      guard let known = prepared?.claims[claim.uid] else {
        devices.claimsWithoutDevices += 1
        continue
      }
      devices.unknownClaimDevices += known.unknownCount
      for podUID in claim.podUIDs {
        devices.entries.append(
          PodDeviceEntry(
            podUID: PodUID(podUID), containerName: "", resourceName: KubeletFiles.driver,
            deviceIDs: known.uuids.map { Array($0.utf8)[...] },
            claimUID: claim.uid))
      }
    }
  }

  /// What NVIDIA's driver has prepared. Where there are claims its file has to be there.
  private func driverCheckpoint(forClaims count: Int, _ devices: inout HandedOutDevices) -> DRADriverCheckpoint? {
    let (name, source) = (KubeletFiles.driverFile, KubeletFailure.Source.driverCheckpoint(claims: count))
    let earlierFailures = devices.failures.count
    let prepared = file(name, source, &devices) { DRADriverCheckpoint($0) }
    if prepared == nil, devices.failures.count == earlierFailures { devices.failures.append(missing(name, source)) }
    return prepared
  }

  private func missing(_ name: String, _ source: KubeletFailure.Source) -> KubeletFailure {
    KubeletFailure(path: (roots.first ?? "") + name, source: source, cause: .missing)
  }

  /// Compares the boot ID of the checkpoint with the kernel's. If either has none, the checkpoint counts as current.
  private func isFromEarlierBoot(_ bootID: String?) -> Bool {
    guard let bootID, let bytes = host.readFile(options.proc + "/sys/kernel/random/boot_id", 256).contents else {
      return false
    }
    let now = bytes.prefix { $0 != UInt8(ascii: "\n") }.trimmed
    return !now.isEmpty && !now.equals(bootID)
  }

  /// Reads and parses one file of the first directory that has it; `nil` if none has. If it cannot be read or has another
  /// shape, that is a failure too.
  private func file<T>(
    _ name: String, _ source: KubeletFailure.Source, _ devices: inout HandedOutDevices,
    _ parse: ([UInt8]) -> T?
  ) -> T? {
    for root in roots {
      let cause: KubeletFailure.Cause
      switch host.readFile(root + name, KubeletFiles.limit) {
      case .absent: continue
      case .bytes(let bytes):
        if !devices.roots.contains(root) { devices.roots.append(root) }
        if let value = parse(bytes) { return value }
        cause = isTorn(bytes) ? .torn : .otherShape
      case .failed(let errno): cause = .unreadable(errno)
      case .tooLong: cause = .tooLong(KubeletFiles.limit >> 20)
      }
      devices.failures.append(KubeletFailure(path: root + name, source: source, cause: cause))
      return nil
    }
    return nil
  }
}

/// Whether this is no whole JSON, or has under `Data` a text that is none.
private func isTorn(_ bytes: [UInt8]) -> Bool {
  guard let document = JSONValue(bytes) else { return true }
  guard let data = try? document.text("Data") else { return false }
  return JSONValue(Array(data.utf8)) == nil
}
