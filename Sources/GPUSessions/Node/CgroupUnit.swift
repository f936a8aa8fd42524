extension CgroupIdentity {
  /// The `unit` label: the systemd unit, the user's own unit or the session; of PBS the job, of HTCondor the slot.
  ///
  /// `nil` in a container, whose scope has a new name each time. An OAR job is a unit, `oar-1337.service`.
  package var unitLabel: String? {
    if isContained { return nil }
    return unit ?? userUnit ?? session.map { "session-\($0).scope" } ?? pbsJob ?? htcondorSlot
  }

  /// Whether the path shows a pod, a container or a machine: its user IDs need not be the node's.
  package var isContained: Bool {
    podUID != nil || containerID != nil || isConflicting || ecsTask != nil || lxc != nil || machine != nil
      || isContainerScope
  }

  /// Whether the process belongs to something of the node itself: a unit, a session, a job.
  package var isPlacedOnNode: Bool { unit != nil || userUnit != nil || session != nil || hasBatchJob }

  /// `docker-<name>.scope` and the like without an ID, as of a kind node's own processes.
  private var isContainerScope: Bool {
    guard let name = (unit ?? userUnit)?.utf8, name.suffix(6).elementsEqual(".scope".utf8) else { return false }
    return ["docker-", "cri-containerd-", "crio-", "libpod-", "nerdctl-"].contains { name.starts(with: $0.utf8) }
  }
}
