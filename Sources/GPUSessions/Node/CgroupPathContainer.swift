/// Pod and container of a path.
///
/// The outermost pod, container or machine is what the host's runtime made. Root in it can add cgroups below it and none
/// above it, so nothing below it is believed but the container of a pod, which the runtime makes too.
extension CgroupPath {
  /// Returns the UID of the pod whose cgroup has this name; `nil` if it is no pod's.
  ///
  /// The kubelet's cgroupfs driver writes `pod<UID>`, its systemd driver `…-pod<U_I_D>.slice` (kubelet
  /// `pkg/kubelet/cm/cgroup_manager_linux.go`). A runtime that uses cgroupfs below a kubelet that uses systemd makes
  /// a directory `<slice>:<prefix>:<container>` (containerd `internal/cri/server/helpers.go`).
  static func podUID(ofDirectory name: ArraySlice<UInt8>) -> PodUID? {
    if let uid = podUID(ofPodOrSlice: name) { return uid }
    // Every directory of the cgroup tree is looked at, and nearly none has a colon.
    if name.position(of: UInt8(ascii: ":")) == nil { return nil }
    let parts = name.fields(separatedBy: UInt8(ascii: ":"), maxSplits: 3)
    return parts.count == 3 ? podUID(ofPodOrSlice: parts[0]) : nil
  }

  private static func podUID(ofPodOrSlice name: ArraySlice<UInt8>) -> PodUID? {
    let bytes = name.span
    if bytes.starts(with: "pod"), let uid = PodUID(bytes.extracting(droppingFirst: 3), allowingUnderscores: true) {
      return uid
    }
    guard bytes.ends(with: ".slice") else { return nil }
    let stem = bytes.extracting(droppingLast: 6)
    return podUID(stem, digits: 36) ?? podUID(stem, digits: 32)
  }

  /// The UID behind a last `-pod`.
  private static func podUID(_ stem: Span<UInt8>, digits count: Int) -> PodUID? {
    guard stem.extracting(droppingLast: count).ends(with: "-pod") else { return nil }
    return PodUID(stem.extracting(last: count), allowingUnderscores: true)
  }

  /// Sets pod, container, runtime and the role of a monitor.
  ///
  /// Returns the index of the container's segment, or the one behind an LXC container or a machine; the number of segments
  /// if there is none. From that index on the workload may choose the names.
  func readContainer(into identity: inout CgroupIdentity) -> Int {
    for index in segments.indices {
      if index < delegatedIndex {
        if readPod(at: index, into: &identity) {
          return (index..<segments.count).first { readContainer(at: $0, into: &identity) } ?? segments.count
        }
        if let end = endOfMachine(at: index) { return end }
      }
      if readContainer(at: index, into: &identity) {
        readInnerPod(below: index, into: &identity)
        return index
      }
    }
    return segments.count
  }

  private func readPod(at index: Int, into identity: inout CgroupIdentity) -> Bool {
    identity.podUID = CgroupPath.podUID(ofDirectory: segments[index])
    return identity.podUID != nil
  }

  /// Sets the pod and its container below a container of the host.
  private func readInnerPod(below index: Int, into identity: inout CgroupIdentity) {
    guard index < delegatedIndex, identity.containerID != nil else { return }
    var inner = CgroupIdentity()
    guard let pod = (index..<segments.count).first(where: { readPod(at: $0, into: &inner) }), let uid = inner.podUID
    else {
      return
    }
    _ = (pod..<segments.count).first { readContainer(at: $0, into: &inner) }
    identity.inner = .init(podUID: uid, containerID: inner.containerID, runtime: inner.runtime)
  }

  private func readContainer(at index: Int, into identity: inout CgroupIdentity) -> Bool {
    guard let (id, owner) = container(at: index) else { return false }
    if owner.ends(with: "-conmon") {
      identity.role = .conmon
      identity.runtime = runtime(of: owner.dropLast(7))
    } else {
      identity.containerID = id.text
      identity.runtime = runtime(of: owner)
      identity.isRootless = index >= delegatedIndex
    }
    return true
  }

  /// The container ID in a segment, and the word that tells the runtime.
  ///
  /// The segment is `<id>` below a level named by the runtime, `<owner>-<id>`, either of them with `.scope`, or
  /// `<slice>:<owner>:<id>`.
  func container(at index: Int) -> (id: ArraySlice<UInt8>, owner: ArraySlice<UInt8>)? {
    let segment = segments[index]
    // podman's cgroupfs manager puts the containers of a pod below `libpod_parent/<ID of the pod>` (podman 4).
    if self.segment(index - 1).equals("libpod_parent") { return nil }
    let stem = segment.ends(with: ".scope") ? segment.dropLast(6) : segment
    let (id, before) = (stem.suffix(64), stem.dropLast(64))
    guard KubernetesNames.isContainerID(id) else { return nil }
    if before.isEmpty { return (id, self.segment(index - 1)) }
    if before.last == UInt8(ascii: "-") { return (id, before.dropLast()) }
    let parts = segment.fields(separatedBy: UInt8(ascii: ":"), maxSplits: 3)
    return parts.count == 3 && parts[2].count == 64 ? (id, parts[1]) : nil
  }
}

/// The runtime that puts this word before its IDs, or names the level above them so; `nil` if it is not known.
private func runtime(of owner: ArraySlice<UInt8>) -> CgroupIdentity.Runtime? {
  if owner.equals("cri-containerd") || owner.equals("nerdctl") { return .containerd }
  if owner.equals("crio") { return .criO }
  if owner.equals("docker") { return .docker }
  return owner.equals("libpod") || owner.equals("libpod-payload") ? .podman : nil
}
