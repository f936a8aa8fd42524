/// The NVIDIA DRA driver's `plugins/gpu.nvidia.com/checkpoint.json`: which devices were prepared for which claim.
///
/// Source: kubernetes-sigs/dra-driver-nvidia-gpu `cmd/gpu-kubelet-plugin` `checkpoint.go`, `prepared.go`. Version 2
/// wins where the file has both, as in the driver. A claim whose preparation has only begun holds nothing yet.
package struct NvidiaDRACheckpoint: Sendable, Equatable {
  /// Device UUIDs by claim UID.
  package var devices: [String: [String]] = [:]

  /// Reads the whole file; `nil` where it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let document = decodeJSON(Document.self, from: bytes), let version = document.v2 ?? document.v1
    else { return nil }
    for (uid, claim) in version.preparedClaims ?? [:] where claim.checkpointState != "PrepareStarted" {
      let prepared = (claim.preparedDevices ?? []).compactMap(\.self).flatMap { $0.devices ?? [] }
      devices[uid] = prepared.compactMap(\.uuid)
    }
  }
}

/// The properties below are spelled as in the file.
private struct Document: Decodable {
  var v1: Version?
  var v2: Version?
}

private struct Version: Decodable {
  var preparedClaims: [String: Claim]?
}

private struct Claim: Decodable {
  var checkpointState: String?
  var preparedDevices: [Group?]?
}

private struct Group: Decodable {
  var devices: [Prepared]?
}

/// A whole GPU or a MIG instance; anything else (`vfio`) has no device of nvidia-smi's.
private struct Prepared: Decodable {
  var gpu: GPUEntry?
  var mig: MIGEntry?

  var uuid: String? { gpu?.info?.uuid ?? mig?.concrete?.migUUID ?? mig?.info?.uuid }
}

private struct GPUEntry: Decodable {
  var info: Info?
}

/// `concrete` in newer drivers, `info` in older ones.
private struct MIGEntry: Decodable {
  var concrete: Concrete?
  var info: Info?
}

private struct Info: Decodable {
  var uuid: String?
}

private struct Concrete: Decodable {
  var migUUID: String?
}
