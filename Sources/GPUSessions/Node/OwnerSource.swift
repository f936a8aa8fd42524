/// Where facts about the owner of a process come from.
///
/// Who may have written a source decides what it may say. Where two sources tell different names, the one that the more
/// trusted writer wrote counts, and the dispute is counted; of two that are trusted alike none counts.
package enum OwnerSource: Sendable, CaseIterable {
  case cgroupOfRuntime
  case ancestors
  case passwd
  case runtimeFile
  case runtimeConfiguration
  case monitor
  case checkpoint
  case podLogs
  case cgroupOfWorkload
  case cgroupOfUser
  case processName

  /// Who may write something, the least trusted first.
  package enum Writer: Int, Sendable, Comparable {
    case workload, user, kubelet, root, kernel

    package static func < (left: Writer, right: Writer) -> Bool { left.rawValue < right.rawValue }
  }

  /// The least trusted of those who may have written it.
  package var writer: Writer {
    switch self {
    case .cgroupOfRuntime, .ancestors: .kernel
    case .passwd, .runtimeFile, .runtimeConfiguration, .monitor: .root
    case .checkpoint: .kubelet
    case .cgroupOfUser: .user
    case .podLogs, .cgroupOfWorkload, .processName: .workload
    }
  }

  /// The files, for a person.
  package var files: String {
    switch self {
    case .cgroupOfRuntime:
      "`/proc/PID/cgroup` and `/sys/fs/cgroup`, as far as the outermost pod, container, machine, job or user's slice"
    case .ancestors: "the parents of a process, in `/proc/PID/stat`, and their cgroups"
    case .passwd: "`/etc/passwd`, `getent passwd`"
    case .runtimeFile:
      "containerd's and CRI-O's `config.json`, Docker's `config.v2.json`, podman's `containers.json`"
        + " and `volatile-containers.json`"
    case .runtimeConfiguration:
      "`daemon.json`, `config.toml`, `storage.conf` and `crio.conf` of the runtimes; command line of a dockerd, containerd, crio or"
        + " kubelet of uid 0 in no workload's cgroup and on no GPU"
    case .monitor: "command line of a conmon or containerd-shim of uid 0 in no workload's cgroup"
    case .checkpoint: "the kubelet's checkpoints"
    case .podLogs:
      "names in `/var/log/pods` and `/var/log/containers`, where a pod may have `/var/log` mounted writable"
    case .cgroupOfWorkload: "the rest of `/proc/PID/cgroup`, below that container or machine"
    case .cgroupOfUser: "the rest of `/proc/PID/cgroup`, below `user-UID.slice`; conmon of that user"
    case .processName: "the title of the process in nvidia-smi's table, `comm` in `/proc/PID/stat`"
    }
  }

  /// What is taken from it, for a person.
  package var use: String {
    switch self {
    case .cgroupOfRuntime:
      "the pod's UID, the container's ID, the job, the unit, the user of the slice; which pods and containers there are"
    case .passwd: "the name of a user"
    case .ancestors: "the pod of a container that a runtime within that pod has made"
    case .runtimeFile:
      "names of pod and container; the pod of a container in no pod's cgroup, for which Docker's labels need a log link"
        + " that says the same; whether a container is a node of Kubernetes"
    case .runtimeConfiguration: "where the files of the runtime and of the kubelet are"
    case .monitor:
      "the container's name; the state directory of its containerd; of CRI-O's, the pod of a container in no pod's cgroup"
    case .checkpoint: "which pod was handed which device"
    case .podLogs:
      "names of pod and container, and the pod of a container in no pod's cgroup, where the runtime's files tell none"
    case .cgroupOfWorkload:
      "nothing; of a container that is a node of Kubernetes, its pods; of a pod's container, the number of a Slurm job"
    case .cgroupOfUser: "names of the user's unit and container, beside the user, who is known by the slice"
    case .processName: "the label `command`"
    }
  }

  /// All sources as a table of Markdown, the most trusted first.
  package static var table: String {
    let rows = allCases.enumerated().sorted { left, right in
      left.element.writer == right.element.writer
        ? left.offset < right.offset : left.element.writer > right.element.writer
    }
    return "| source | who may write it | what is taken from it |\n|---|---|---|\n"
      + rows.map { "| \($0.element.files) | \($0.element.writer.text) | \($0.element.use) |\n" }.joined()
  }
}

extension OwnerSource.Writer {
  /// For a person.
  fileprivate var text: String {
    switch self {
    case .kernel: "the kernel, for root's runtime"
    case .root: "root"
    case .kubelet: "the kubelet"
    case .user: "the user"
    case .workload: "a workload"
    }
  }
}
