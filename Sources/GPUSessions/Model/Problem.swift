/// A reason why a run leaves out a row, a process, a pod's name or a device.
///
/// The raw value is the `kind` label of `gpu_session_collector_problems`, which counts them.
package enum Problem: String, Sendable, CaseIterable {
  case allocationDeviceUnknown = "allocation_device_unknown"
  case allocationStale = "allocation_stale"
  case attributionConflict = "attribution_conflict"
  case cgroupUnreadable = "cgroup_unreadable"
  case containerNameUnknown = "container_name_unknown"
  case deviceRowMalformed = "device_row_malformed"
  case deviceUnreadable = "device_unreadable"
  case fieldUnsupported = "field_unsupported"
  case logDirectoryUnreadable = "log_directory_unreadable"
  case migLayoutChanged = "mig_layout_changed"
  case migModePending = "mig_mode_pending"
  case migModeUnknown = "mig_mode_unknown"
  case migProfileUnknown = "mig_profile_unknown"
  case migSlicesUnknown = "mig_slices_unknown"
  case migUnplaced = "mig_unplaced"
  case migUtilizationUnknown = "mig_utilization_unknown"
  case pidReused = "pid_reused"
  case podNameUnknown = "pod_name_unknown"
  case pmonGPUMissing = "pmon_gpu_missing"
  case pmonRowMalformed = "pmon_row_malformed"
  case processContradicted = "process_contradicted"
  case processGone = "process_gone"
  case processRowDuplicate = "process_row_duplicate"
  case processRowMalformed = "process_row_malformed"
  case processRowUnknownGPU = "process_row_unknown_gpu"
  case processRowUnsupported = "process_row_unsupported"
  case processTableRowMalformed = "process_table_row_malformed"
  case processTableUnreadable = "process_table_unreadable"
  case processUnlisted = "process_unlisted"
  case processUnreadable = "process_unreadable"

  /// What the count counts, for a person.
  package var meaning: String {
    switch self {
    case .allocationDeviceUnknown:
      "devices that the kubelet handed to pods and nvidia-smi does not list, and claims whose devices are not known"
    case .allocationStale: "devices that the kubelet handed to pods that are gone, or before the last reboot"
    case .attributionConflict:
      "pods that two sources name differently (the more trusted one counts), and processes whose cgroup shows two pods"
    case .cgroupUnreadable: "processes whose /proc/PID/cgroup could not be read"
    case .containerNameUnknown: "sessions in a container whose name is not known"
    case .deviceRowMalformed: "rows of the GPU list that could not be read"
    case .deviceUnreadable: "GPUs that could not be read, or whose processes could not be read"
    case .fieldUnsupported: "fields of nvidia-smi that this driver does not know"
    case .logDirectoryUnreadable: "log directories that could not be read"
    case .migLayoutChanged: "MIG GPUs for which nvidia-smi and nvidia-smi -L list different instances"
    case .migModePending: "GPUs whose MIG mode changes at the next reset"
    case .migModeUnknown: "GPUs for which nvidia-smi does not say whether MIG is on"
    case .migProfileUnknown: "MIG profiles that could not be read"
    case .migSlicesUnknown: "MIG GPUs whose number of compute slices is not known"
    case .migUnplaced: "processes whose MIG instance is not known"
    case .migUtilizationUnknown:
      "runs without the utilization of MIG instances, and instances or rows for which it could not be read"
    case .pidReused:
      "processes that started after nvidia-smi was asked: another process may have had the PID when it was listed"
    case .podNameUnknown: "pods of which only the UID is known"
    case .pmonGPUMissing: "GPUs that pmon left out"
    case .pmonRowMalformed: "pmon rows that could not be read"
    case .processContradicted:
      "processes for which nvidia-smi's table, pmon and the process list show different types"
    case .processGone: "listed processes that are no longer in /proc"
    case .processRowDuplicate: "processes listed twice on one GPU with different values"
    case .processRowMalformed: "rows of the process list that could not be read"
    case .processRowUnknownGPU: "processes on a GPU that is not in the GPU list"
    case .processRowUnsupported:
      "rows such as [Not Supported] in place of a process: the GPU or its driver does not list it"
    case .processTableRowMalformed: "rows of nvidia-smi's table of processes that could not be read"
    case .processTableUnreadable: "runs in which nvidia-smi's table shows no list of processes"
    case .processUnlisted: "compute processes in nvidia-smi's table or pmon that are not in the process list"
    case .processUnreadable: "processes whose /proc/PID/stat or status could not be read"
    }
  }
}

/// How often each problem came up in one run.
package struct ProblemCounts: Sendable, Equatable {
  /// By raw value.
  private var counts: [String: Int] = [:]

  package init() {}

  /// Adds `times` to the count of one problem.
  package mutating func add(_ problem: Problem, _ times: Int = 1) {
    counts[problem.rawValue, default: 0] += times
  }

  /// Adds the counts of another part of the run.
  package mutating func add(_ other: ProblemCounts) { counts.merge(other.counts, uniquingKeysWith: +) }

  /// How often the problem came up.
  package subscript(problem: Problem) -> Int { counts[problem.rawValue] ?? 0 }
}
