/// What a container runtime keeps about one container, in the terms of Kubernetes.
///
/// Texts are as the runtime wrote them: ``names(podUID:)`` decides which of them are believed.
package struct RuntimeRecord: Sendable, Equatable {
  /// Every UID that the record gives its pod. They are all equal if the record describes one pod.
  package var podUIDs: [String] = []
  package var namespace: String?
  package var pod: String?
  /// The container's name within its pod.
  package var container: String?
  /// Whether the container only holds the pod's namespaces and is none of the pod's containers.
  package var isSandbox = false
  /// The name outside of Kubernetes, as `docker ps` and `podman ps` show it.
  package var plainName: String?
  /// Whether the container is a node of a Kubernetes cluster of its own, made by kind, k3d or minikube.
  package var isKubernetesNode = false

  package init() {}

  /// The names for a process whose cgroup names this pod, or the plain name for a process outside of pods.
  ///
  /// Texts that do not have the form of a name are left out. Outside of pods the labels that name a pod are not
  /// believed, because anybody may set them there.
  package func names(podUID: PodUID?) -> RuntimeLookup {
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
package enum RuntimeLookup: Sendable, Equatable {
  /// `container` is `nil` for the sandbox of the pod, or if the runtime does not name the container.
  case pod(PodName, container: String?)
  /// The name of a container outside of pods.
  case plain(String)
  /// The runtime names another pod than the cgroup does, so no names are given.
  case conflict
  case unknown
}
