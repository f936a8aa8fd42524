/// How a device plugin of NVIDIA's or Google's names a device, without the number of the replica.
///
/// Sources: k8s-device-plugin `internal/rm` (`GPU-…`, `MIG-…`, `…::N` under time-slicing and MPS), Google's plugin
/// (`nvidiaN[/giN][/vgpuN]`), legacy MIG (`MIG-GPU-<uuid>/<gi>/<ci>`).
package enum PluginDeviceID: Hashable, Sendable {
  /// The UUID as nvidia-smi spells it: `GPU-…` or `MIG-…`.
  case uuid(ArraySlice<UInt8>)
  case instance(gpuUUID: String, InstanceID)
  /// The number of `/dev/nvidiaN`, and the ID of the MIG GPU instance if there is one.
  case minor(Int, gpuInstance: Int?)
  /// The ID begins like one of these plugins' and goes on otherwise.
  case unrecognized

  /// Reads an ID; `nil` for the device of another plugin.
  package init?(_ id: ArraySlice<UInt8>) {
    let device = id.prefix(lengthBeforeTwoColons(id.span))
    let bytes = device.span
    if bytes.starts(with: "MIG-GPU-"), let legacy = PluginDeviceID(legacyInstance: device) {
      self = legacy
    } else if bytes.starts(with: "GPU-") || bytes.starts(with: "MIG-") {
      self = .uuid(device)
    } else if bytes.starts(with: "nvidia"), bytes.count > 6, isDigit(bytes[6]) {
      self = PluginDeviceID(minor: device.dropFirst(6))
    } else {
      return nil
    }
  }

  package init?(_ id: String) { self.init(Array(id.utf8)[...]) }

  /// Reads `MIG-GPU-<uuid>/<gi>/<ci>`.
  private init?(legacyInstance id: ArraySlice<UInt8>) {
    let parts = id.dropFirst(4).fields(separatedBy: UInt8(ascii: "/"))
    guard parts.count == 3, let gpuInstance = number(parts[1]), let computeInstance = number(parts[2]) else {
      return nil
    }
    self = .instance(
      gpuUUID: parts[0].text, InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance))
  }

  /// Reads `N[/giN][/vgpuN]`.
  private init(minor id: ArraySlice<UInt8>) {
    var parts = id.fields(separatedBy: UInt8(ascii: "/"))[...]
    guard let minor = parts.popFirst().flatMap(number) else {
      self = .unrecognized
      return
    }
    var gpuInstance: Int?
    if let part = parts.first, part.starts(with: "gi"), let id = number(part.dropFirst(2)) {
      gpuInstance = id
      parts = parts.dropFirst()
    }
    if let part = parts.first, part.starts(with: "vgpu"), number(part.dropFirst(4)) != nil {
      parts = parts.dropFirst()
    }
    self = parts.isEmpty ? .minor(minor, gpuInstance: gpuInstance) : .unrecognized
  }
}

extension PluginDeviceID {
  /// Whether the whole ID has a form of these plugins. HAMi's `GPU-<uuid>-17` only begins like one.
  var hasKnownForm: Bool {
    switch self {
    // A pod's UID is a UUID too.
    case .uuid(let uuid): uuid.count == 40 && PodUID(uuid.dropFirst(4)) != nil
    case .instance, .minor: true
    case .unrecognized: false
    }
  }
}

/// How many bytes stand before the first `::`; all if there is none.
private func lengthBeforeTwoColons(_ bytes: Span<UInt8>) -> Int {
  var length = 0
  while let next = bytes.extracting(droppingFirst: length).position(of: UInt8(ascii: ":")) {
    length += next
    if length + 1 < bytes.count, bytes[length + 1] == UInt8(ascii: ":") { return length }
    length += 1
  }
  return bytes.count
}

private func number(_ bytes: ArraySlice<UInt8>) -> Int? { bytes.decimal.flatMap { Int(exactly: $0) } }
