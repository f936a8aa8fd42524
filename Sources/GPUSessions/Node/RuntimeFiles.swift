/// The files in which container runtimes describe a container. Only the keys that are named here are decoded.
///
/// Of each file only the keys are believed that the runtime itself writes after a user's annotations, so that a user
/// cannot set them: `io.kubernetes.cri.*` in containerd's bundles (`internal/cri/server/container_create.go`),
/// `io.kubernetes.pod.*` and `io.kubernetes.container.*` in CRI-O's (`internal/factory/container/container.go`).
extension RuntimeRecord {
  /// Reads `config.json` of containerd's OCI bundle; `nil` if its CRI plugin has not written it.
  ///
  /// The keys are those of `internal/cri/annotations`. Old versions do not write `sandbox-uid`; the UID is then in the
  /// log directory and in the cgroup path.
  package init?(containerdBundle bytes: [UInt8]) {
    let record = readJSON(bytes) { bundle throws(JSONMismatch) -> RuntimeRecord? in
      guard let keys = try bundle.member("annotations"), let type = try keys.text(containerdKey("container-type"))
      else { return nil }
      var record = RuntimeRecord()
      record.isSandbox = type != "container"
      record.container = try keys.text(containerdKey("container-name"))
      record.pod = try keys.text(containerdKey("sandbox-name"))
      record.namespace = try keys.text(containerdKey("sandbox-namespace"))
      let directory = try keys.text(containerdKey("sandbox-log-directory")).flatMap(uid(ofLogDirectory:))
      let uids = [try keys.text(containerdKey("sandbox-uid")), directory, try podUID(ofBundle: bundle)]
      record.podUIDs = uids.compactMap(\.self)
      return record
    }
    guard let record else { return nil }
    self = record
  }

  /// Reads `config.json` of CRI-O's OCI bundle; `nil` if it is not CRI-O's (podman keeps its bundles there too).
  package init?(criOBundle bytes: [UInt8]) {
    let record = readJSON(bytes) { bundle throws(JSONMismatch) -> RuntimeRecord? in
      var record = RuntimeRecord()
      guard let labels = try bundle.member("annotations") else { return nil }
      try record.take(labels)
      if record.podUIDs.isEmpty { return nil }
      record.podUIDs += [try podUID(ofBundle: bundle)].compactMap(\.self)
      return record
    }
    guard let record else { return nil }
    self = record
  }

  /// Reads Docker's `config.v2.json`; `nil` if it is no such file.
  package init?(dockerConfig bytes: [UInt8]) {
    let record = readJSON(bytes) { file throws(JSONMismatch) -> RuntimeRecord? in
      var record = RuntimeRecord()
      let name = try file.text("Name")
      if let labels = try file.member("Config")?.member("Labels") {
        try record.take(labels)
        for label in nodeLabels where try labels.text(label) != nil { record.isKubernetesNode = true }
      }
      record.plainName = name.map { String($0.hasPrefix("/") ? $0.dropFirst() : $0[...]) }
      // The names of a pod are believed only together with its UID, which is compared with the cgroup's.
      if record.podUIDs.isEmpty { (record.namespace, record.pod, record.container) = (nil, nil, nil) }
      return record
    }
    guard let record else { return nil }
    self = record
  }

  /// Takes the labels that the kubelet gives every runtime (`pkg/kubelet/types/labels.go`), and dockershim's type.
  private mutating func take(_ labels: JSONValue) throws(JSONMismatch) {
    container = try labels.text("io.kubernetes.container.name")
    pod = try labels.text("io.kubernetes.pod.name")
    namespace = try labels.text("io.kubernetes.pod.namespace")
    isSandbox = try labels.text("io.kubernetes.docker.type") == "podsandbox" || container == "POD"
    podUIDs = [try labels.text("io.kubernetes.pod.uid")].compactMap(\.self)
  }
}

/// The first name of each container in `containers.json` of containers/storage, by ID; `nil` if it is no such file.
///
/// Source: containers/storage `containers.go`; podman 4.3 keeps its containers there.
func namesOfStorage(_ bytes: [UInt8]) -> [String: String]? {
  readJSON(bytes) { list throws(JSONMismatch) in
    var names: [String: String] = [:]
    for container in try list.elements() {
      guard let name = try container.member("names")?.elements().first(where: { _ in true }) else { continue }
      names[try container.requiredText("id")] = try name.text()
    }
    return names
  }
}

/// Labels of containers that are nodes: kind (`pkg/cluster/constants`), k3d (`pkg/types`), minikube (`pkg/drivers/kic/oci`).
private let nodeLabels = ["io.x-k8s.kind.role", "k3d.role", "role.minikube.sigs.k8s.io"]

private func containerdKey(_ name: String) -> String { "io.kubernetes.cri." + name }

/// The UID of the pod in the cgroup path that the bundle asks for; `nil` if there is none.
private func podUID(ofBundle bundle: JSONValue) throws(JSONMismatch) -> String? {
  try bundle.member("linux")?.text("cgroupsPath").flatMap { CgroupPath(Array($0.utf8)[...]).identity.podUID?.text }
}

/// The UID at the end of `/var/log/pods/<namespace>_<pod>_<uid>`; `nil` if there is none.
private func uid(ofLogDirectory path: String) -> String? {
  let bytes = Array(path.utf8)[...]
  guard let underscore = bytes.lastIndex(of: UInt8(ascii: "_")) else { return nil }
  let uid = bytes[(underscore + 1)...]
  return PodUID(uid) == nil ? nil : uid.text
}
