/// What the kubelet and NVIDIA's DRA driver have written down about devices handed out.
struct KubeletFiles {
  let host: Host
  let options: Options

  /// Why the files do not tell; the sentence says which.
  struct Failure: Error { var sentence: String }

  /// Everything handed out as far as the files say, of whichever plugin.
  struct Contents {
    var holdings = DeviceHoldings()
    /// The checkpoint was written before the node's last reboot.
    var isStale = false
    /// Claims of NVIDIA's driver for which it has prepared nothing.
    var unpreparedClaims = 0
  }

  private static let driver = "gpu.nvidia.com"
  private static let limit = 64 << 20

  /// Reads the files there are; `nil` where there is none.
  func read() throws(Failure) -> Contents? {
    let checkpoint = try file("/device-plugins/kubelet_internal_checkpoint") { DevicePluginCheckpoint($0) }
    let state = try file("/dra_manager_state") { DRAState($0) }
    if checkpoint == nil, state == nil { return nil }
    var contents = Contents()
    if let checkpoint {
      contents.holdings = checkpoint.holdings
      contents.isStale = isFromEarlierBoot(checkpoint.bootID)
    }
    if let state { try addClaims(state, to: &contents) }
    return contents
  }

  /// The claims' devices. Their container is not known: it is the pod's claim.
  private func addClaims(_ state: DRAState, to contents: inout Contents) throws(Failure) {
    let claims = state.claims.filter { $0.drivers.contains(KubeletFiles.driver) }
    if claims.isEmpty { return }
    let name = "/plugins/\(KubeletFiles.driver)/checkpoint.json"
    guard let prepared = try file(name, { DRADriverCheckpoint($0) }) else {
      throw Failure(sentence: "\(options.kubeletRoot + name) is missing, and claims have devices of its driver")
    }
    for claim in claims {
      guard let devices = prepared.devices[claim.uid] else {
        contents.unpreparedClaims += 1
        continue
      }
      let (driver, ids) = (Array(KubeletFiles.driver.utf8)[...], devices.map { Array($0.utf8)[...] })
      for uid in claim.podUIDs {
        contents.holdings.append(
          DeviceHolding(
            podUID: Array(uid.utf8)[...], container: [], resource: driver, deviceIDs: ids,
            claim: Array(claim.uid.utf8)[...]))
      }
    }
  }

  /// Without an ID on either side there is nothing to compare.
  private func isFromEarlierBoot(_ bootID: String?) -> Bool {
    guard let bootID, case .bytes(let bytes) = host.readFile(options.proc + "/sys/kernel/random/boot_id", 256)
    else { return false }
    let now = bytes[...].lines().first?.trimmed ?? []
    return !now.isEmpty && !now.equals(bootID)
  }

  private func file<T>(_ name: String, _ parse: ([UInt8]) -> T?) throws(Failure) -> T? {
    let path = options.kubeletRoot + name
    switch host.readFile(path, KubeletFiles.limit) {
    case .absent: return nil
    case .bytes(let bytes):
      if let value = parse(bytes) { return value }
      throw Failure(sentence: "\(path) is not as the kubelet or the driver writes it")
    case .failed(let errno): throw Failure(sentence: "\(path) could not be read (errno \(errno.rawValue))")
    case .tooLong: throw Failure(sentence: "\(path) is longer than it ever should be")
    }
  }
}
