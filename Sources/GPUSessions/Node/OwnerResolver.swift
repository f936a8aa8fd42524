/// Finds the owner of a process by its cgroup.
package struct OwnerResolver {
  private var slurm: SlurmJobs
  /// Owners that all processes of a cgroup have in common, by the identity of the object.
  private var settled: [ObjectIdentifier: Owner] = [:]

  package init(slurm: SlurmJobs) { self.slurm = slurm }

  /// The owner of one process without its user.
  mutating func owner(
    _ cgroup: Cgroup, _ process: ProcessStat, _ names: inout PodNameResolver, _ problems: inout ProblemCounts
  ) -> Owner {
    if let known = settled[ObjectIdentifier(cgroup)] { return known }
    let identity = names.withInnerPod(cgroup.identity)
    var owner = Owner()
    owner.containerID = identity.containerID
    owner.runtime = identity.runtime?.rawValue
    owner.unit = identity.unitLabel
    owner.slurmJobID = slurm.jobID(identity, parent: process.parent)
    owner.podUID = identity.podUID
    if identity.isConflicting { problems.add(.attributionConflict) }
    if let uid = identity.podUID {
      let (pod, container) = names.names(inPod: uid, identity, of: process)
      owner.pod = pod?.name ?? "pod-" + uid.text
      owner.namespace = pod?.namespace ?? ""
      owner.container = container ?? ""
    } else {
      owner.container = names.containerOutsidePods(identity, of: process) ?? ""
    }
    if owner.isSettled(by: identity) { settled[ObjectIdentifier(cgroup)] = owner }
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
