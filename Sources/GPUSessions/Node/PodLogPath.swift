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

/// A container's log file, `<podLogsDir>/<namespace>_<pod>_<uid>/<container>/<restarts>.log`.
struct ContainerLogPath: Sendable, Equatable {
  var directory: PodLogDirectory
  var container: String
  /// Whether the pod's directory is in `/var/log/pods`, the kubelet's default.
  var isInUsualPlace = true
}

extension ContainerLogPath {
  /// Reads the target of a link in `/var/log/containers`; `nil` if it has another form.
  ///
  /// Anything may stand before the pod's directory: `/var/log/pods` unless the kubelet's `podLogsDir` says otherwise.
  init?(target: [UInt8]) {
    let levels = Array(target.split(separator: UInt8(ascii: "/")).suffix(3))
    guard levels.count == 3, let directory = PodLogDirectory(levels[0]),
      KubernetesNames.isLabel(levels[1]), levels[2].ends(with: ".log"), levels[2].dropLast(4).decimal != nil
    else { return nil }
    let depth = levels.map { $0.count + 1 }.reduce(0, +)
    self.init(
      directory: directory, container: levels[1].text,
      isInUsualPlace: target[...].dropLast(depth).equals("/var/log/pods"))
  }
}
