/// Whose process it is. If everything is empty or `nil`, nothing is known.
package struct Owner: Sendable, Equatable {
  /// The pod's name, `pod-<uid>` if only the UID is known, empty outside of pods.
  package var pod = ""
  /// The pod's namespace, empty outside of pods and if only the pod's UID is known.
  package var namespace = ""
  /// The name of the container in its pod, or of a container outside of pods; empty if it is not known.
  package var container = ""
  package var podUID: PodUID?
  package var containerID: String?
  /// The container runtime, as far as the cgroup's path shows it (`containerd`, `cri-o`, `docker`, …).
  package var runtime: String?
  /// The real user ID. It is read outside of containers only, and only if the `user` label is wanted.
  package var uid: UInt32?
  /// The name of that user on the node, or the user ID in digits.
  package var user: String?
  /// The systemd unit, login session, PBS job or HTCondor slot.
  package var unit: String?
  /// The number of the Slurm job, or its SLUID if the number is not known.
  package var slurmJobID: String?

  package init() {}
}
