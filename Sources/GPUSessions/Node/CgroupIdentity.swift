/// What `/proc/<pid>/cgroup` says about the owner of a process.
///
/// `nil` means that the path does not say it. Nothing is looked up elsewhere.
package struct CgroupIdentity: Sendable, Equatable {
  /// A container runtime, as far as the path shows it.
  package enum Runtime: String, Sendable {
    case containerd
    case criO = "cri-o"
    case docker
    case podman
    case lxc
    case nspawn
    case libvirtLXC = "libvirt-lxc"
  }

  /// A process that supervises a container or a job step and does none of its work.
  package enum Role: String, Sendable {
    case conmon
    case lxcMonitor = "lxc-monitor"
    case slurmstepd
  }

  /// A pod, and a container in it, below a container of the host.
  package struct InnerPod: Sendable, Equatable {
    package var podUID: PodUID
    package var containerID: String?
    package var runtime: Runtime?
  }

  /// A UUID with dashes, or the 32 hex digits of a static pod.
  package var podUID: PodUID?
  /// 64 hex digits, or `<task>-<digits>` for an ECS task without a Docker ID.
  package var containerID: String?
  package var runtime: Runtime?
  /// Whether two lines name different pods. Pod and container are `nil` then.
  package var isConflicting = false
  /// The pod that the path shows below the container. Root of the container can make such a cgroup, so the pod is believed
  /// only if the container is a node of Kubernetes, as with kind.
  package var inner: InnerPod?
  /// Whether the container lies below a user's slice, where that user may choose all names.
  package var isRootless = false
  package var role: Role?

  /// The systemd unit as the path spells it (`\x2d` stays); `nil` if the process belongs to a container, job or machine.
  package var unit: String?
  /// The unit of the user's own systemd; `unit` is `nil` then.
  package var userUnit: String?
  /// The user of the slice, whose processes are below it whatever user ID they have.
  package var uid: UInt32?
  /// The logind session, such as `3` or `c2`; `unit` is `nil` then.
  package var session: String?

  package var slurmJobID: String?
  /// The job's SLUID (`s` and 13 characters), which Slurm 26.05 and newer put into the path in place of the number.
  package var slurmSLUID: String?
  /// The path to the cgroup of the job's step, without leading `..` and `/`.
  package var slurmStepPath: String?
  package var pbsJob: String?
  /// The slot, such as `slot1` or `slot1_23@host`.
  package var htcondorSlot: String?
  package var ecsTask: String?

  /// The name of an nspawn or libvirt machine, without systemd's escapes.
  package var machine: String?
  package var lxc: String?

  package init() {}
}

extension CgroupIdentity {
  /// The identity of a process in the inner pod, for a container that is known to be a node of Kubernetes.
  package var ofInnerPod: CgroupIdentity? {
    guard let inner else { return nil }
    var identity = CgroupIdentity()
    (identity.podUID, identity.containerID, identity.runtime) = (inner.podUID, inner.containerID, inner.runtime)
    return identity
  }

  /// Whether a batch system or task scheduler owns the process.
  package var hasBatchJob: Bool {
    slurmJobID != nil || slurmSLUID != nil || pbsJob != nil || htcondorSlot != nil || ecsTask != nil
  }

  /// The value of the `unit` label: the systemd unit, the user's own unit or the session, else the PBS job or the
  /// HTCondor slot.
  ///
  /// `nil` for a container, because its scope has a new name each time. An OAR job is a unit, `oar-1337.service`.
  package var unitLabel: String? {
    if isContained { return nil }
    return unit ?? userUnit ?? session.map { "session-\($0).scope" } ?? pbsJob ?? htcondorSlot
  }

  /// Whether the path shows a pod, a container or a machine. The user IDs of such a process need not be the node's.
  package var isContained: Bool {
    podUID != nil || containerID != nil || isConflicting || ecsTask != nil || lxc != nil || machine != nil
      || isContainerScope
  }

  /// Whether the path shows a container or a machine, in a pod or not.
  package var isInContainer: Bool {
    containerID != nil || lxc != nil || machine != nil || isContainerScope
  }

  /// Whether the path tells nothing of the owner.
  package var isBlank: Bool { !isContained && !isPlacedOnNode && uid == nil && role == nil }

  /// Whether the process belongs to a unit, a session or a job of the node itself.
  package var isPlacedOnNode: Bool { unit != nil || userUnit != nil || session != nil || hasBatchJob }

  /// Whether the unit is a container's scope without an ID, such as `docker-<name>.scope` of a kind node.
  private var isContainerScope: Bool {
    guard let name = (unit ?? userUnit)?.utf8, name.suffix(6).elementsEqual(".scope".utf8) else { return false }
    return ["docker-", "cri-containerd-", "crio-", "libpod-", "nerdctl-"].contains { name.starts(with: $0.utf8) }
  }
}
