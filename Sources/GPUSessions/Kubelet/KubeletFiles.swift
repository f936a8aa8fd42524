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
}

/// Reads the files below the kubelet's directory. Each of them is read whatever the others are.
struct KubeletFiles {
  let host: Host
  let options: Options
  /// The kubelet's directory.
  let root: String

  init(host: Host, options: Options, root: String? = nil) {
    self.host = host
    self.options = options
    self.root = root ?? options.kubeletRoot
  }

  private static let driver = "gpu.nvidia.com"
  private static let driverFile = "/plugins/\(driver)/checkpoint.json"
  private static let stateFile = "/dra_manager_state"
  private static let limit = 64 << 20

  /// Reads the files there are; `nil` if there is none.
  func read() -> HandedOutDevices? {
    var devices = HandedOutDevices()
    let checkpoint = file("/device-plugins/kubelet_internal_checkpoint", .pluginCheckpoint, &devices.failures) {
      DevicePluginCheckpoint($0)
    }
    let state = claims(&devices.failures)
    if checkpoint == nil, state == nil, devices.failures.isEmpty { return nil }
    if let checkpoint {
      devices.entries = checkpoint.entries
      devices.isFromEarlierBoot = isFromEarlierBoot(checkpoint.bootID)
    }
    if let state { addClaims(state, to: &devices) }
    return devices
  }

  /// Which pods have claims; `nil` if the kubelet's file is not there. It has to be where NVIDIA's driver has prepared one.
  private func claims(_ failures: inout [KubeletFailure]) -> DRAState? {
    let earlierFailures = failures.count
    let state = file(KubeletFiles.stateFile, .claims, &failures) { DRAState($0) }
    guard state == nil, failures.count == earlierFailures else { return state }
    var ignored: [KubeletFailure] = []
    let prepared = file(KubeletFiles.driverFile, .driverCheckpoint(claims: 0), &ignored) { DRADriverCheckpoint($0) }
    if prepared?.claims.isEmpty == false {
      failures.append(KubeletFailure(path: root + KubeletFiles.stateFile, source: .claims, cause: .missing))
    }
    return nil
  }

  /// Adds the devices that NVIDIA's driver prepared for claims. A claim belongs to its pods, not to a container.
  private func addClaims(_ state: DRAState, to devices: inout HandedOutDevices) {
    let claims = state.claims.filter { $0.drivers.contains(KubeletFiles.driver) }
    if claims.isEmpty { return }
    let prepared = driverCheckpoint(forClaims: claims.count, &devices.failures)
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
  private func driverCheckpoint(
    forClaims count: Int, _ failures: inout [KubeletFailure]
  ) -> DRADriverCheckpoint? {
    let name = KubeletFiles.driverFile
    let earlierFailures = failures.count
    let prepared = file(name, .driverCheckpoint(claims: count), &failures) { DRADriverCheckpoint($0) }
    if prepared == nil, failures.count == earlierFailures {
      failures.append(
        KubeletFailure(
          path: root + name, source: .driverCheckpoint(claims: count), cause: .missing))
    }
    return prepared
  }

  /// Compares the boot ID of the checkpoint with the kernel's. If either has none, the checkpoint counts as current.
  private func isFromEarlierBoot(_ bootID: String?) -> Bool {
    guard let bootID, let bytes = host.readFile(options.proc + "/sys/kernel/random/boot_id", 256).contents else {
      return false
    }
    let now = bytes.prefix { $0 != UInt8(ascii: "\n") }.trimmed
    return !now.isEmpty && !now.equals(bootID)
  }

  /// Reads and parses one file; `nil` if it is not there. If it cannot be read or has another shape, that is a failure too.
  private func file<T>(
    _ name: String, _ source: KubeletFailure.Source, _ failures: inout [KubeletFailure],
    _ parse: ([UInt8]) -> T?
  ) -> T? {
    let path = root + name
    let cause: KubeletFailure.Cause
    switch host.readFile(path, KubeletFiles.limit) {
    case .absent: return nil
    case .bytes(let bytes):
      if let value = parse(bytes) { return value }
      cause = isTorn(bytes) ? .torn : .otherShape
    case .failed(let errno): cause = .unreadable(errno)
    case .tooLong: cause = .tooLong(KubeletFiles.limit >> 20)
    }
    failures.append(KubeletFailure(path: path, source: source, cause: cause))
    return nil
  }
}

/// Whether this is no whole JSON, or has under `Data` a text that is none.
private func isTorn(_ bytes: [UInt8]) -> Bool {
  guard let document = JSONValue(bytes) else { return true }
  guard let data = try? document.text("Data") else { return false }
  return JSONValue(Array(data.utf8)) == nil
}

extension KubeletFiles {
  /// The files in the first directory with any that the command line of a running kubelet names (`--root-dir`); `nil` if there
  /// is none, or if an option names the directory.
  ///
  /// `onGPUs` are the PIDs on GPUs: their command lines are never read.
  static func elsewhere(_ host: Host, _ options: Options, onGPUs: [Int32]) -> (HandedOutDevices, root: String)? {
    if options.kubeletRootOverride != nil { return nil }
    var daemons = RuntimeDaemons(node: ProcFS(host: host, root: options.proc), onGPUs: onGPUs)
    let roots = daemons.daemons(named: "kubelet").flatMap { optionValues(["--root-dir"], in: $0.arguments) }
    for root in roots.compactMap(absolutePath).map(options.nodePath) {
      if let devices = KubeletFiles(host: host, options: options, root: root).read() { return (devices, root) }
    }
    return nil
  }
}
