/// A pod's log directory, `<namespace>_<pod>_<uid>`.
struct LoggedPod: Sendable, Equatable {
  var uid: String
  var name: PodName

  init?(_ directory: ArraySlice<UInt8>) {
    var fields = directory.eachField(separatedBy: UInt8(ascii: "_"))
    guard let namespace = fields.next(), let pod = fields.next(), let uid = fields.rest,
      KubernetesNames.isLabel(namespace), KubernetesNames.isPodName(pod), KubernetesNames.isPodUID(uid)
    else { return nil }
    self.uid = uid.text
    name = PodName(namespace: namespace.text, name: pod.text)
  }
}

/// A container's log, `…/pods/<namespace>_<pod>_<uid>/<container>/<restarts>.log`.
struct LoggedContainer: Sendable, Equatable {
  var pod: LoggedPod
  var container: String

  init?(target: [UInt8]) {
    let parts = Array(target.split(separator: UInt8(ascii: "/")).suffix(4))
    guard parts.count == 4, parts[0].equals("pods"), let pod = LoggedPod(parts[1]),
      KubernetesNames.isLabel(parts[2]), parts[3].ends(with: ".log"), parts[3].dropLast(4).decimal != nil
    else { return nil }
    self.pod = pod
    container = parts[2].text
  }
}
