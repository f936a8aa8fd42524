/// The command line of conmon, the process with which CRI-O and podman supervise each container.
///
/// Source: CRI-O `internal/oci/runtime_oci.go`, podman `libpod/oci_conmon_common.go`.
extension RuntimeRecord {
  /// Reads the name after `-n`; `nil` without it, and unless `-c` names this container, if one is given.
  ///
  /// CRI-O writes `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`, podman the container's own name.
  package init?(conmon arguments: [ArraySlice<UInt8>], containerID: String? = nil) {
    guard let id = value(of: "-c", in: arguments), containerID.map({ id.equals($0) }) ?? true,
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

/// The directory of the socket after `-address` on the command line of a containerd shim, which is the state directory
/// of its containerd, such as `/run/k3s/containerd`.
///
/// `nil` unless it is an absolute path of UTF-8 without controls, without `.` and `..`, that ends in `.sock`. Source:
/// containerd `pkg/shim/util.go`.
package func stateDirectory(ofShim arguments: [ArraySlice<UInt8>]) -> String? {
  guard let address = value(of: "-address", in: arguments), address.ends(with: ".sock"),
    let slash = address.lastPosition(of: UInt8(ascii: "/"))
  else { return nil }
  return absolutePath(address[..<slash])
}

/// The argument after the first occurrence of this option; `nil` if there is none.
private func value(of option: String, in arguments: [ArraySlice<UInt8>]) -> ArraySlice<UInt8>? {
  guard let index = arguments.dropFirst().firstIndex(where: { $0.equals(option) }),
    arguments.indices.contains(index + 1)
  else { return nil }
  return arguments[index + 1]
}
