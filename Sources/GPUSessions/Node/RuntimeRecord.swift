/// What a container runtime keeps about one container, in the words of Kubernetes.
///
/// Text is as the runtime wrote it: ``RuntimeRecord/names(podUID:)`` decides what of it is believed.
package struct RuntimeRecord: Sendable, Equatable {
  /// Every UID that the record gives its pod; of one pod they are all equal.
  package var podUIDs: [String] = []
  package var namespace: String?
  package var pod: String?
  /// The container's name within its pod.
  package var container: String?
  /// The container holds the pod's namespaces and is none of its containers.
  package var isSandbox = false
  /// The name outside of Kubernetes, as `docker ps` and `podman ps` show it.
  package var plainName: String?

  package init() {}

  /// The names for a process whose cgroup names this pod; without a pod, its plain name.
  ///
  /// What has not the form of a name is no name. Labels that name a pod say nothing about a container outside
  /// of pods, for anybody may set them there.
  package func names(podUID: PodUID?) -> RuntimeAnswer {
    guard let podUID else {
      let name = plainName.flatMap { KubernetesNames.isContainerName(Array($0.utf8)[...]) ? $0 : nil }
      return name.map { .plain($0) } ?? .unknown
    }
    if podUIDs.contains(where: { PodUID($0)?.hasSameDigits(as: podUID) != true }) { return .conflict }
    guard let namespace, let pod, KubernetesNames.isLabel(Array(namespace.utf8)[...]),
      KubernetesNames.isPodName(Array(pod.utf8)[...])
    else { return .unknown }
    let name = isSandbox ? nil : container
    return .pod(
      PodName(namespace: namespace, name: pod),
      container: name.flatMap { KubernetesNames.isLabel(Array($0.utf8)[...]) ? $0 : nil })
  }
}

/// What the runtimes say about the names of one process.
package enum RuntimeAnswer: Sendable, Equatable {
  /// No container: the sandbox of the pod, or the runtime does not tell.
  case pod(PodName, container: String?)
  /// A container outside of pods.
  case plain(String)
  /// The runtime says that it belongs to another pod than the cgroup does: no names.
  case conflict
  case unknown
}
