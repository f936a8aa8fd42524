/// A pod's log directory, `<namespace>_<pod>_<uid>`.
///
/// Source: kubelet `pkg/kubelet/kuberuntime/helpers.go`, BuildPodLogsDirectory.
struct PodLogDirectory: Sendable, Equatable {
  var uid: PodUID
  var pod: PodName
}

extension PodLogDirectory {
  /// Reads the name of a directory; `nil` if it has another form.
  init?(_ directory: ArraySlice<UInt8>) {
    // Names of namespaces and pods have no `_`, and a UID has none either.
    let bytes = directory.span
    guard let parts = bytes.threeParts(separatedBy: UInt8(ascii: "_")),
      let uid = PodUID(bytes.extracting(parts.third))
    else { return nil }
    let (namespace, name) = (bytes.extracting(parts.first), bytes.extracting(parts.second))
    guard KubernetesNames.isLabel(namespace), KubernetesNames.isPodName(name) else { return nil }
    self.init(uid: uid, pod: PodName(namespace: namespace.text, name: name.text))
  }
}

/// A container's log file, `…/pods/<namespace>_<pod>_<uid>/<container>/<restarts>.log`.
struct ContainerLogPath: Sendable, Equatable {
  var directory: PodLogDirectory
  var container: String
}

extension ContainerLogPath {
  /// Reads the target of a link in `/var/log/containers`; `nil` if it has another form.
  ///
  /// Anything may stand before `pods`: that depends on the kubelet's settings and on mounts.
  init?(target: [UInt8]) {
    let levels = Array(target.split(separator: UInt8(ascii: "/")).suffix(4))
    guard levels.count == 4, levels[0].equals("pods"), let directory = PodLogDirectory(levels[1]),
      KubernetesNames.isLabel(levels[2]), levels[3].ends(with: ".log"), levels[3].dropLast(4).decimal != nil
    else { return nil }
    self.init(directory: directory, container: levels[2].text)
  }
}
