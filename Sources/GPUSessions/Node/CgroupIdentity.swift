/// What `/proc/<pid>/cgroup` tells about the owner of a process.
///
/// `nil` everywhere means that the path does not say it; nothing here was looked up elsewhere.
package struct CgroupIdentity: Sendable, Equatable {
  /// The container runtime, as far as the path shows it.
  package enum Runtime: String, Sendable {
    case containerd
    case criO = "cri-o"
    case docker
    case podman
    case lxc
    case nspawn
    case libvirtLXC = "libvirt-lxc"
  }

  /// The quality-of-service class of a pod.
  package enum QualityOfService: String, Sendable {
    case guaranteed, burstable, besteffort
  }

  /// A process that watches over a container or a job step and does none of its work.
  package enum Role: String, Sendable {
    case conmon
    case lxcMonitor = "lxc-monitor"
    case slurmstepd
  }

  /// UUID with dashes, or the 32 hex digits of a static pod.
  package var podUID: PodUID?
  /// 64 hex digits; for an ECS task without a Docker ID `<task>-<digits>`.
  package var containerID: String?
  package var runtime: Runtime?
  /// Two lines named different pods: no pod and no container is given.
  package var isConflicting = false
  /// The container lies below a user's own `user@<uid>.service`: its names are that user's choice.
  package var isRootless = false
  package var qos: QualityOfService?
  package var role: Role?

  /// The systemd unit as it is spelled in the path (`\x2d` stays), where nothing above or below fits better.
  package var unit: String?
  /// The unit of the user's own systemd, instead of `unit`.
  package var userUnit: String?
  /// The user whose slice it is, which need not be the user of the process.
  package var uid: UInt32?
  /// The logind session, such as `3` or `c2`, instead of `unit`.
  package var session: String?

  package var slurmJobID: String?
  /// The job's `s…` identifier where Slurm 26.05 or newer puts that in place of the number.
  package var slurmSLUID: String?
  /// The path to the job's step, without leading `..` and `/`.
  package var slurmStepPath: String?
  /// `0`, `batch`, `extern`, `interactive`, `1+0`, …
  package var slurmStep: String?
  /// `0`, `special`, …
  package var slurmTask: String?
  /// The node's name where several slurmd share a host.
  package var slurmNode: String?
  /// The job's user; cgroup v1 only.
  package var slurmUID: UInt32?
  package var pbsJob: String?
  /// `slot1`, `slot1_23@host`.
  package var htcondorSlot: String?
  package var ecsTask: String?

  /// The name of an nspawn or libvirt machine, systemd's escapes undone.
  package var machine: String?
  package var lxc: String?

  /// The cgroup is gone although the process (a zombie) still names it.
  package var isDeleted = false
  /// Number of leading `..`: levels from the root of the reader's cgroup namespace up.
  package var levelsUp = 0

  package init() {}

  /// Whether a batch system or task scheduler owns the process.
  package var hasBatchJob: Bool {
    slurmJobID != nil || slurmSLUID != nil || pbsJob != nil || htcondorSlot != nil || ecsTask != nil
  }
}
