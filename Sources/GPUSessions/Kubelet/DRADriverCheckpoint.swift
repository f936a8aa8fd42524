/// The NVIDIA DRA driver's `plugins/gpu.nvidia.com/checkpoint.json`: which devices were prepared for which claim.
///
/// Source: kubernetes-sigs/dra-driver-nvidia-gpu `cmd/gpu-kubelet-plugin` `checkpoint.go`, `prepared.go`. Version 2
/// wins where the file has both, as in the driver. A claim whose preparation has only begun holds nothing yet.
package struct DRADriverCheckpoint: Sendable, Equatable {
  /// Device UUIDs by claim UID.
  package var devices: [String: [String]] = [:]

  /// Reads the whole file; `nil` where it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let read = readJSON(bytes, DRADriverCheckpoint.read) else { return nil }
    self = read
  }

  package init() {}

  private static func read(_ document: JSONValue) throws(JSONMismatch) -> DRADriverCheckpoint? {
    let (second, first) = (try document.member("v2"), try document.member("v1"))
    guard let version = second ?? first else { return nil }
    var checkpoint = DRADriverCheckpoint()
    for (uid, claim) in try version.member("preparedClaims")?.members() ?? [] {
      if try claim.text("checkpointState") == "PrepareStarted" { continue }
      checkpoint.devices[uid] = try uuids(preparedFor: claim)
    }
    return checkpoint
  }

  private static func uuids(preparedFor claim: JSONValue) throws(JSONMismatch) -> [String] {
    var uuids: [String] = []
    guard let groups = try claim.member("preparedDevices")?.elements() else { return uuids }
    for group in groups where !group.isNull {
      guard let devices = try group.member("devices")?.elements() else { continue }
      for device in devices {
        if let uuid = try uuid(ofPrepared: device) { uuids.append(uuid) }
      }
    }
    return uuids
  }

  /// A whole GPU or a MIG instance (`concrete` in newer drivers, `info` in older ones); anything else (`vfio`) has no
  /// device of nvidia-smi's.
  private static func uuid(ofPrepared device: JSONValue) throws(JSONMismatch) -> String? {
    if let uuid = try device.member("gpu")?.member("info")?.text("uuid") { return uuid }
    let mig = try device.member("mig")
    if let uuid = try mig?.member("concrete")?.text("migUUID") { return uuid }
    return try mig?.member("info")?.text("uuid")
  }
}
