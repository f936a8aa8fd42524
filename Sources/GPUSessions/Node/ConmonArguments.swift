/// The command line of conmon, the process that CRI-O and podman keep above each container.
///
/// Source: CRI-O `internal/oci/runtime_oci.go`, podman `libpod/oci_conmon_common.go` (reference §3.3).
extension RuntimeRecord {
  /// Reads `-n` where `-c` names this very container; `nil` for every other command line.
  ///
  /// CRI-O's name is `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`, podman's the container's own.
  package init?(conmon arguments: [ArraySlice<UInt8>], containerID: String) {
    guard let id = value(of: "-c", in: arguments), id.equals(containerID),
      let name = value(of: "-n", in: arguments)
    else { return nil }
    plainName = name.text
    let fields = name.fields(separatedBy: UInt8(ascii: "_"), maxSplits: 6)
    guard fields.count == 6, fields[0].equals("k8s"), PodUID(fields[4]) != nil,
      fields[5].decimal != nil
    else { return }
    (container, pod, namespace) = (fields[1].text, fields[2].text, fields[3].text)
    podUIDs = [fields[4].text]
    isSandbox = fields[1].equals("POD")
  }
}

/// The directory of containerd's state that a shim's `-address` shows, `/run/k3s/containerd` for instance.
///
/// `nil` unless it is a plain absolute path of a socket.
package func stateDirectory(ofShim arguments: [ArraySlice<UInt8>]) -> String? {
  guard let address = value(of: "-address", in: arguments), address.count <= 512,
    address.first == UInt8(ascii: "/"), address.allSatisfy({ (0x21...0x7E).contains($0) })
  else { return nil }
  var parts = address.split(separator: UInt8(ascii: "/"))
  guard parts.count > 1, let socket = parts.popLast(), socket.ends(with: ".sock"),
    !parts.contains(where: { $0.equals("..") || $0.equals(".") })
  else { return nil }
  return parts.map { "/" + $0.text }.joined()
}

/// What follows the first such option.
private func value(of option: String, in arguments: [ArraySlice<UInt8>]) -> ArraySlice<UInt8>? {
  guard let index = arguments.dropFirst().firstIndex(where: { $0.equals(option) }),
    arguments.indices.contains(index + 1)
  else { return nil }
  return arguments[index + 1]
}
