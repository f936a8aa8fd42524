/// How a device plugin names a device of NVIDIA's, its replica cut off.
///
/// Sources: k8s-device-plugin `internal/rm` (`GPU-…`, `MIG-…`, `…::N` under time-slicing and MPS), Google's plugin
/// (`nvidiaN[/giN][/vgpuN]`), legacy MIG (`MIG-GPU-<uuid>/<gi>/<ci>`).
package enum PluginDeviceID: Hashable, Sendable {
  /// As nvidia-smi spells it: `GPU-…` or `MIG-…`.
  case uuid(ArraySlice<UInt8>)
  case instance(gpuUUID: ArraySlice<UInt8>, InstanceID)
  /// The number of `/dev/nvidiaN`, and the MIG GPU instance if there is one.
  case minor(Int, gpuInstance: Int?)
  /// Begins like one of these and goes on otherwise.
  case unrecognized

  /// Reads an ID; `nil` for the device of another plugin.
  package init?(_ id: ArraySlice<UInt8>) {
    let whole = id.beforeTwoColons
    if whole.span.starts(with: gpu.span) {
      self = .uuid(whole)
    } else if whole.starts(with: "MIG-") {
      self = whole.starts(with: "MIG-GPU-") ? legacyInstance(whole) ?? .uuid(whole) : .uuid(whole)
    } else if whole.starts(with: "nvidia"), let first = whole.dropFirst(6).first, (0x30...0x39).contains(first) {
      self = byMinor(whole.dropFirst(6))
    } else {
      return nil
    }
  }
}

/// What nearly all IDs begin with.
private let gpu = Array("GPU-".utf8)

extension ArraySlice<UInt8> {
  /// What stands before the first `::`; all where there is none.
  fileprivate var beforeTwoColons: ArraySlice<UInt8> {
    let colon = UInt8(ascii: ":")
    var rest = self
    while let place = rest.position(of: colon) {
      rest = self[(place + 1)...]
      if rest.first == colon { return self[..<place] }
    }
    return self
  }
}

/// `MIG-GPU-<uuid>/<gi>/<ci>`
private func legacyInstance(_ id: ArraySlice<UInt8>) -> PluginDeviceID? {
  let parts = id.dropFirst(4).fields(separatedBy: UInt8(ascii: "/"))
  guard parts.count == 3, let gpuInstance = number(parts[1]), let computeInstance = number(parts[2]) else {
    return nil
  }
  return .instance(
    gpuUUID: parts[0], InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance))
}

/// `N[/giN][/vgpuN]`
private func byMinor(_ id: ArraySlice<UInt8>) -> PluginDeviceID {
  var parts = id.fields(separatedBy: UInt8(ascii: "/"))[...]
  guard let minor = parts.popFirst().flatMap(number) else { return .unrecognized }
  var gpuInstance: Int?
  if let part = parts.first, part.starts(with: "gi"), let id = number(part.dropFirst(2)) {
    gpuInstance = id
    parts = parts.dropFirst()
  }
  if let part = parts.first, part.starts(with: "vgpu"), number(part.dropFirst(4)) != nil {
    parts = parts.dropFirst()
  }
  return parts.isEmpty ? .minor(minor, gpuInstance: gpuInstance) : .unrecognized
}

private func number(_ bytes: ArraySlice<UInt8>) -> Int? {
  bytes.decimal.flatMap { Int(exactly: $0) }
}
