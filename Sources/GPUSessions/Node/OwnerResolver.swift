/// Finds the owner of a process by its cgroup.
package struct OwnerResolver {
  private var slurm: SlurmJobs
  /// Owners that all processes of a cgroup have in common, by its number.
  private var settled: [Int: Owner] = [:]

  package init(slurm: SlurmJobs) { self.slurm = slurm }

  /// The owner of one process.
  mutating func owner(
    _ cgroup: Cgroup, _ process: ProcessStat, _ names: inout PodNameResolver, _ problems: inout ProblemCounts
  ) -> Owner {
    if let known = settled[cgroup.number] { return known }
    let identity = names.withInnerPod(cgroup.identity)
    if identity.isConflicting { problems.add(.attributionConflict) }
    let slurmJobID = slurm.jobID(identity, parent: process.parent)
    guard let uid = identity.podUID else {
      return Owner(
        container: names.containerOutsidePods(identity, of: process) ?? "", containerID: identity.containerID,
        runtime: identity.runtime?.rawValue, unit: identity.unitLabel, slurmJobID: slurmJobID)
    }
    let (pod, container) = names.names(inPod: uid, identity, of: process)
    let owner = Owner(
      pod: pod?.name ?? "pod-" + uid.text, namespace: pod?.namespace ?? "", container: container ?? "", podUID: uid,
      containerID: identity.containerID, runtime: identity.runtime?.rawValue, slurmJobID: slurmJobID)
    if owner.isSettled(by: identity) { settled[cgroup.number] = owner }
    return owner
  }
}

extension Owner {
  /// Whether every process of the cgroup has this owner.
  ///
  /// That is so for a container in a pod that has its name. If the name is missing, the ancestors of another process may
  /// lead to the runtime's monitor; and with a Slurm SLUID another step may tell the job's number.
  fileprivate func isSettled(by identity: CgroupIdentity) -> Bool {
    podUID != nil && containerID != nil && identity.slurmSLUID == nil
      && !container.isEmpty
  }
}
