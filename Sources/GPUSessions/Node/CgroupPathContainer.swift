/// Pod and container of a path.
///
/// The shallowest pod wins and then the first container below it: a workload can only add names below
/// itself (reference §5.4). Without a pod the deepest container wins (Docker in Docker).
extension CgroupPath {
  /// The UID of the pod whose cgroup has this name; `nil` where it is none.
  static func podUID(ofDirectory name: ArraySlice<UInt8>) -> PodUID? {
    pod(name)?.uid
  }

  /// Sets pod, class, container, runtime and the role of a monitor.
  ///
  /// Returns the index of the container's segment, from where on the workload may name segments itself;
  /// the number of segments where there is no container.
  func readContainer(into identity: inout CgroupIdentity) -> Int {
    for index in 0..<delegatedIndex {
      guard let pod = pod(at: index) else { continue }
      identity.podUID = pod.uid
      identity.qos = pod.qos
      for below in index..<segments.count where readContainer(at: below, into: &identity) { return below }
      return segments.count
    }
    for index in segments.indices.reversed() where readContainer(at: index, into: &identity) { return index }
    return segments.count
  }

  private func readContainer(at index: Int, into identity: inout CgroupIdentity) -> Bool {
    guard let found = container(at: index) else { return false }
    let owner = found.owner
    if owner.last == UInt8(ascii: "n"), owner.ends(with: "-conmon") {
      identity.role = .conmon
      identity.runtime = runtime(of: owner.dropLast(7))
    } else {
      identity.containerID = found.id.text
      identity.runtime = runtime(of: owner)
      identity.isRootless = index >= delegatedIndex
    }
    return true
  }

  /// The pod of a segment, and its class from the level above.
  private func pod(at index: Int) -> (uid: PodUID, qos: CgroupIdentity.QualityOfService?)? {
    guard let pod = CgroupPath.pod(segments[index]) else { return nil }
    return (pod.uid, quality(of: pod.parent ?? segment(index - 1)))
  }

  /// `pod<UID>`, `…-pod<U_I_D>.slice`, or one of them before `:<prefix>:<name>`; of a slice what names its parent.
  private static func pod(_ segment: ArraySlice<UInt8>) -> (uid: PodUID, parent: ArraySlice<UInt8>?)? {
    // `pod` and the shortest UID.
    if segment.count < 35 { return nil }
    if let pod = plainPod(segment) { return pod }
    guard segment.contains(UInt8(ascii: ":")) else { return nil }
    let parts = segment.fields(separatedBy: UInt8(ascii: ":"), maxSplits: 3)
    return parts.count == 3 ? plainPod(parts[0]) : nil
  }

  private static func plainPod(_ name: ArraySlice<UInt8>) -> (uid: PodUID, parent: ArraySlice<UInt8>?)? {
    if name.first == UInt8(ascii: "p"), name.starts(with: "pod"),
      let uid = PodUID(name.dropFirst(3), allowingUnderscores: true)
    {
      return (uid, nil)
    }
    guard isSlice(name) else { return nil }
    let stem = name.dropLast(6)
    return podOfSlice(stem, length: 36) ?? podOfSlice(stem, length: 32)
  }

  /// The same, of a slice whose UID is so long.
  private static func podOfSlice(_ stem: ArraySlice<UInt8>, length: Int) -> (
    uid: PodUID, parent: ArraySlice<UInt8>?
  )? {
    let parent = stem.dropLast(length)
    guard parent.last == UInt8(ascii: "d"), parent.ends(with: "-pod"),
      let uid = PodUID(stem.suffix(length), allowingUnderscores: true)
    else { return nil }
    return (uid, parent.dropLast(4))
  }

  /// `<id>`, `<owner>-<id>`, either with `.scope`, or `<slice>:<owner>:<id>`.
  private func container(at index: Int) -> (id: ArraySlice<UInt8>, owner: ArraySlice<UInt8>)? {
    let segment = segments[index]
    if segment.count < 64 { return nil }
    let isScope = segment.last == UInt8(ascii: "e") && segment.ends(with: ".scope")
    let stem = isScope ? segment.dropLast(6) : segment
    let (id, before) = (stem.suffix(64), stem.dropLast(64))
    guard KubernetesNames.isContainerID(id) else { return nil }
    if before.isEmpty { return (id, self.segment(index - 1)) }
    if before.last == UInt8(ascii: "-") { return (id, before.dropLast()) }
    let parts = segment.fields(separatedBy: UInt8(ascii: ":"), maxSplits: 3)
    return parts.count == 3 && parts[2].count == 64 ? (id, parts[1]) : nil
  }
}

/// The class from the level above a pod, `…kubepods-burstable` or `burstable`; `nil` where it is not shown.
private func quality(of parent: ArraySlice<UInt8>) -> CgroupIdentity.QualityOfService? {
  switch parent.last {
  case UInt8(ascii: "e"): parent.ends(with: "burstable") ? .burstable : nil
  case UInt8(ascii: "t"): parent.ends(with: "besteffort") ? .besteffort : nil
  case UInt8(ascii: "s"): parent.ends(with: "kubepods") ? .guaranteed : nil
  default: nil
  }
}

/// The runtime that puts this before its IDs, or that names the level above them so.
private func runtime(of owner: ArraySlice<UInt8>) -> CgroupIdentity.Runtime? {
  if owner.equals("cri-containerd") || owner.equals("nerdctl") { return .containerd }
  if owner.equals("crio") { return .criO }
  if owner.equals("docker") { return .docker }
  return owner.equals("libpod") || owner.equals("libpod-payload") ? .podman : nil
}
