/// A pod's log directory, `<namespace>_<pod>_<uid>`.
struct PodLogDirectory: Sendable, Equatable {
  var uid: PodUID
  var name: PodName

  init(uid: PodUID, name: PodName) { (self.uid, self.name) = (uid, name) }

  init?(_ directory: ArraySlice<UInt8>) {
    // Neither name has a `_` in it.
    guard let uid = PodLogDirectory.uid(directory), let underscore = directory.position(of: UInt8(ascii: "_")),
      underscore < directory.endIndex - uid.count - 1
    else { return nil }
    let namespace = directory[..<underscore]
    let pod = directory[(underscore + 1)..<(directory.endIndex - uid.count - 1)]
    guard KubernetesNames.isLabel(namespace), KubernetesNames.isPodName(pod) else { return nil }
    self.uid = uid
    name = PodName(namespace: namespace.text, name: pod.text)
  }

  /// The UID that a directory's name ends with, whatever stands before it.
  static func uid(_ directory: ArraySlice<UInt8>) -> PodUID? {
    let (bytes, underscore) = (directory.span, UInt8(ascii: "_"))
    if bytes.count > 36, bytes[bytes.count - 37] == underscore { return PodUID(directory.suffix(36)) }
    return bytes.count > 32 && bytes[bytes.count - 33] == underscore ? PodUID(directory.suffix(32)) : nil
  }
}

/// A container's log, `…/pods/<namespace>_<pod>_<uid>/<container>/<restarts>.log`.
struct ContainerLogPath: Sendable, Equatable {
  var pod: PodLogDirectory
  var container: String

  init(pod: PodLogDirectory, container: String) { (self.pod, self.container) = (pod, container) }

  init?(target: [UInt8]) {
    var rest = target[...]
    let (file, name, directory) = (lastSegment(&rest), lastSegment(&rest), lastSegment(&rest))
    guard lastSegment(&rest).equals("pods"), let pod = PodLogDirectory(directory), KubernetesNames.isLabel(name),
      file.ends(with: ".log"), file.dropLast(4).decimal != nil
    else { return nil }
    self.pod = pod
    container = name.text
  }
}

/// Takes the last name off a path, with the slashes around it; empty where there is none.
private func lastSegment(_ path: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  while path.last == UInt8(ascii: "/") { path = path.dropLast() }
  let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex
  defer { path = path[..<start] }
  return path[start...]
}
