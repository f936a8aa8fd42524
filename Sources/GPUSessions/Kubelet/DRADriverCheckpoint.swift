/// The NVIDIA DRA driver's `plugins/gpu.nvidia.com/checkpoint.json`: which devices were prepared for which claim.
///
/// Source: kubernetes-sigs/dra-driver-nvidia-gpu `cmd/gpu-kubelet-plugin` `checkpoint.go`, `checkpointv.go`, `prepared.go`.
/// Version 2 wins where the file has both, as in the driver, which always writes both; version 1 has finished claims only.
/// Of `preparedClaims` and `preparedDevices` an empty one is left out (`omitempty`).
package struct DRADriverCheckpoint: Sendable, Equatable {
  /// What was prepared for one claim.
  package struct Devices: Sendable, Equatable {
    package var uuids: [String] = []
    /// Devices of a kind that is not known.
    package var unknownCount = 0
  }

  /// By claim UID. A claim whose preparation has not ended holds nothing yet, and is absent.
  package var claims: [String: Devices] = [:]

  /// Reads the whole file; `nil` where it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let read = readJSON(bytes, DRADriverCheckpoint.read) else { return nil }
    self = read
  }

  private init() {}

  private static func read(_ document: JSONValue) throws(JSONMismatch) -> DRADriverCheckpoint? {
    let (second, first) = (try document.member("v2"), try document.member("v1"))
    guard let version = second ?? first else { return nil }
    var checkpoint = DRADriverCheckpoint()
    for (uid, claim) in try version.member("preparedClaims")?.members() ?? [] {
      if second != nil, try claim.requiredText("checkpointState") != "PrepareCompleted" { continue }
      checkpoint.claims[uid] = try Devices(preparedFor: claim)
    }
    return checkpoint
  }
}

extension DRADriverCheckpoint.Devices {
  fileprivate init(preparedFor claim: JSONValue) throws(JSONMismatch) {
    guard let groups = try claim.member("preparedDevices")?.elements() else { return }
    for group in groups where !group.isNull {
      guard let devices = try group.member("devices", orNull: true) else { throw JSONMismatch() }
      for device in try devices.elementsOrNull() { try add(device) }
    }
  }

  /// Adds a whole GPU or a MIG instance (`concrete` in newer drivers, `info` in older ones). A GPU that was passed through to
  /// a virtual machine (`vfio`) is no device of nvidia-smi's.
  private mutating func add(_ device: JSONValue) throws(JSONMismatch) {
    if let gpu = try device.member("gpu") {
      uuids.append(try gpu.required("info").requiredText("uuid"))
    } else if let mig = try device.member("mig") {
      if let concrete = try mig.member("concrete") {
        uuids.append(try concrete.requiredText("migUUID"))
      } else {
        uuids.append(try mig.required("info").requiredText("uuid"))
      }
    } else if try device.member("vfio") == nil {
      unknownCount += 1
    }
  }
}
