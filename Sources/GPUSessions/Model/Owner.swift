/// Whose process it is, apart from its user. If everything is empty or `nil`, nothing is known.
///
/// A class, because the processes of a container have one owner, and each of them is handed on from stage to stage.
package final class Owner: Sendable {
  /// The pod's name, `pod-<uid>` if only the UID is known, empty outside of pods.
  package let pod: String
  /// The pod's namespace, empty outside of pods and if only the pod's UID is known.
  package let namespace: String
  /// The name of the container in its pod, or of a container outside of pods; empty if it is not known.
  package let container: String
  package let podUID: PodUID?
  package let containerID: String?
  /// The container runtime, as far as the cgroup's path shows it (`containerd`, `cri-o`, `docker`, …).
  package let runtime: String?
  /// Whether the process is in a container that can have a name, known or not.
  package let isInContainer: Bool
  /// The systemd unit, login session, PBS job or HTCondor slot.
  package let unit: String?
  /// The number of the Slurm job, or its SLUID if the number is not known.
  package let slurmJobID: String?

  package init(
    pod: String = "", namespace: String = "", container: String = "", podUID: PodUID? = nil,
    containerID: String? = nil, runtime: String? = nil, isInContainer: Bool = false, unit: String? = nil,
    slurmJobID: String? = nil
  ) {
    self.pod = pod
    self.namespace = namespace
    self.container = container
    self.podUID = podUID
    self.containerID = containerID
    self.runtime = runtime
    self.isInContainer = isInContainer
    self.unit = unit
    self.slurmJobID = slurmJobID
  }

  /// The owner of a process of which nothing is known.
  package static let unknown = Owner()
}
