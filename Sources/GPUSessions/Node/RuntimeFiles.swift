/// The files in which container runtimes describe a container. Only the keys named here are decoded.
///
/// The keys are those that the runtime itself writes last: in a CRI-O bundle `io.kubernetes.cri.*` may be a
/// user's annotation, and the other way round (reference §3.3).
extension RuntimeRecord {
  /// containerd's OCI bundle, `config.json`; `nil` where it is none of its CRI plugin's.
  ///
  /// Its keys are `internal/cri/annotations`. Old versions have no `sandbox-uid`; the log directory and the cgroup path
  /// then carry the UID.
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

  /// CRI-O's OCI bundle, `config.json`; `nil` where it is not CRI-O's (podman keeps its own there too).
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

  /// Docker's `config.v2.json`; `nil` where it is not that.
  package init?(dockerConfig bytes: [UInt8]) {
    let record = readJSON(bytes) { file throws(JSONMismatch) -> RuntimeRecord? in
      var record = RuntimeRecord()
      let name = try file.text("Name")
      if let labels = try file.member("Config")?.member("Labels") { try record.take(labels) }
      record.plainName = name.map { String($0.hasPrefix("/") ? $0.dropFirst() : $0[...]) }
      // Without this label the UID would be unproven.
      if record.podUIDs.isEmpty { (record.namespace, record.pod, record.container) = (nil, nil, nil) }
      return record
    }
    guard let record else { return nil }
    self = record
  }

  /// What the kubelet tells every runtime (`pkg/kubelet/types/labels.go`), and dockershim's type.
  private mutating func take(_ labels: JSONValue) throws(JSONMismatch) {
    container = try labels.text("io.kubernetes.container.name")
    pod = try labels.text("io.kubernetes.pod.name")
    namespace = try labels.text("io.kubernetes.pod.namespace")
    isSandbox = try labels.text("io.kubernetes.docker.type") == "podsandbox" || container == "POD"
    podUIDs = [try labels.text("io.kubernetes.pod.uid")].compactMap(\.self)
  }
}

private func containerdKey(_ name: String) -> String { "io.kubernetes.cri." + name }

/// The pod in the path that the runtime was told to put the container at.
private func podUID(ofBundle bundle: JSONValue) throws(JSONMismatch) -> String? {
  try bundle.member("linux")?.text("cgroupsPath").flatMap { CgroupPath(Array($0.utf8)[...]).identity.podUID?.text }
}

/// The UID at the end of `/var/log/pods/<namespace>_<pod>_<uid>`.
private func uid(ofLogDirectory path: String) -> String? {
  let bytes = Array(path.utf8)[...]
  guard let underscore = bytes.lastIndex(of: UInt8(ascii: "_")) else { return nil }
  let uid = bytes[(underscore + 1)...]
  return PodUID(uid) == nil ? nil : uid.text
}
