/// The files in which container runtimes describe a container. Only the keys named here are decoded.
///
/// The keys are those that the runtime itself writes last: in a CRI-O bundle `io.kubernetes.cri.*` may be a
/// user's annotation, and the other way round (reference §3.3).
extension RuntimeRecord {
  /// containerd's OCI bundle, `config.json`; `nil` where it is none of its CRI plugin's.
  ///
  /// Old versions have no `sandbox-uid`; the log directory and the cgroup path then carry the UID.
  package init?(containerdBundle bytes: [UInt8]) {
    guard let bundle = decodeJSON(Bundle<ContainerdAnnotations>.self, from: bytes),
      let keys = bundle.annotations, let type = keys.type
    else { return nil }
    isSandbox = type != "container"
    (namespace, pod, container) = (keys.namespace, keys.pod, keys.container)
    podUIDs = [keys.uid, keys.logDirectory.flatMap(uid(ofLogDirectory:)), bundle.podUID].compactMap { $0 }
  }

  /// CRI-O's OCI bundle, `config.json`; `nil` where it is not CRI-O's (podman keeps its own there too).
  package init?(criOBundle bytes: [UInt8]) {
    guard let bundle = decodeJSON(Bundle<KubeletLabels>.self, from: bytes), let labels = bundle.annotations,
      labels.uid != nil
    else { return nil }
    take(labels)
    podUIDs += [bundle.podUID].compactMap { $0 }
  }

  /// Docker's `config.v2.json`; `nil` where it is not that.
  package init?(dockerConfig bytes: [UInt8]) {
    guard let file = decodeJSON(DockerFile.self, from: bytes) else { return nil }
    if let labels = file.config?.labels { take(labels) }
    plainName = file.name.map { String($0.hasPrefix("/") ? $0.dropFirst() : $0[...]) }
    // Without this label the UID would be unproven.
    if podUIDs.isEmpty { (namespace, pod, container) = (nil, nil, nil) }
  }

  private mutating func take(_ labels: KubeletLabels) {
    (namespace, pod, container) = (labels.namespace, labels.pod, labels.container)
    isSandbox = labels.dockerType == "podsandbox" || labels.container == "POD"
    podUIDs = [labels.uid].compactMap { $0 }
  }
}

/// An OCI runtime configuration.
private struct Bundle<Annotations: Decodable>: Decodable {
  struct Linux: Decodable {
    var cgroupsPath: String?
  }

  var annotations: Annotations?
  var linux: Linux?

  /// The pod in the path that the runtime was told to put the container at.
  var podUID: String? {
    linux?.cgroupsPath.flatMap { CgroupPath(Array($0.utf8)[...]).identity.podUID }
  }
}

/// What containerd's CRI plugin adds to every bundle (`internal/cri/annotations`).
private struct ContainerdAnnotations: Decodable {
  enum CodingKeys: String, CodingKey {
    case type = "io.kubernetes.cri.container-type"
    case container = "io.kubernetes.cri.container-name"
    case pod = "io.kubernetes.cri.sandbox-name"
    case namespace = "io.kubernetes.cri.sandbox-namespace"
    case uid = "io.kubernetes.cri.sandbox-uid"
    case logDirectory = "io.kubernetes.cri.sandbox-log-directory"
  }

  var type: String?
  var container: String?
  var pod: String?
  var namespace: String?
  var uid: String?
  var logDirectory: String?
}

/// What the kubelet tells every runtime (`pkg/kubelet/types/labels.go`), and dockershim's type.
private struct KubeletLabels: Decodable {
  enum CodingKeys: String, CodingKey {
    case container = "io.kubernetes.container.name"
    case pod = "io.kubernetes.pod.name"
    case namespace = "io.kubernetes.pod.namespace"
    case uid = "io.kubernetes.pod.uid"
    case dockerType = "io.kubernetes.docker.type"
  }

  var container: String?
  var pod: String?
  var namespace: String?
  var uid: String?
  var dockerType: String?
}

/// Docker's description of a container.
private struct DockerFile: Decodable {
  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case config = "Config"
  }

  struct Config: Decodable {
    enum CodingKeys: String, CodingKey {
      case labels = "Labels"
    }

    var labels: KubeletLabels?
  }

  var name: String?
  var config: Config?
}

/// The UID at the end of `/var/log/pods/<namespace>_<pod>_<uid>`.
private func uid(ofLogDirectory path: String) -> String? {
  let bytes = Array(path.utf8)[...]
  guard let underscore = bytes.lastIndex(of: UInt8(ascii: "_")) else { return nil }
  let uid = bytes[(underscore + 1)...]
  return KubernetesNames.isPodUID(uid) ? uid.text : nil
}
