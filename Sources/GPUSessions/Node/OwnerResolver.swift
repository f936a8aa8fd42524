/// Finds the owner of a process by its cgroup.
package struct OwnerResolver {
  private var slurm: SlurmJobs
  private var ancestors: AncestorCgroups
  /// Owners that all processes of a cgroup have in common, by its number.
  private var settled: [Int: Owner] = [:]

  package init(slurm: SlurmJobs) {
    self.slurm = slurm
    ancestors = AncestorCgroups(node: slurm.node)
  }

  /// The owner of one process. `isInNamespace` tells whether it is known to be in a PID namespace of its own.
  mutating func owner(
    _ cgroup: Cgroup, _ process: ProcessStat, isInNamespace: Bool = false, _ names: inout PodNameResolver,
    _ problems: inout ProblemCounts
  ) -> Owner {
    if let known = settled[cgroup.number] { return known }
    let identity = names.withInnerPod(cgroup.identity)
    if identity.isConflicting { problems.add(.attributionConflict) }
    let slurmJobID = slurm.jobID(identity, parent: process.parent)
    guard let uid = identity.podUID else {
      if isInNamespace, identity.isBlank {
        return Owner(container: names.containerWithoutCgroup(of: process) ?? "", isInContainer: true)
      }
      return ownerOutsidePods(identity, process, slurmJobID, &names)
    }
    let (pod, container) = names.names(inPod: uid, identity, of: process)
    let owner = Owner(inPod: uid, pod, container: container, identity, slurmJobID)
    if owner.isSettled(by: identity) { settled[cgroup.number] = owner }
    return owner
  }

  /// The owner of a process whose cgroup shows no pod. It may be in one all the same.
  private mutating func ownerOutsidePods(
    _ identity: CgroupIdentity, _ process: ProcessStat, _ slurmJobID: String?, _ names: inout PodNameResolver
  ) -> Owner {
    if let found = names.podByBundle(identity, of: process) ?? names.podByLabels(identity) {
      return Owner(inPod: found.uid, found.pod, container: found.container, identity, slurmJobID)
    }
    let container = names.containerOutsidePods(identity, of: process)
    if container == nil, let found = names.podByLink(identity) {
      return Owner(inPod: found.uid, found.pod, container: found.container, identity, slurmJobID)
    }
    if container == nil, identity.containerID != nil, !identity.isRootless,
      let above = ancestors.pod(above: process), let uid = above.identity.podUID
    {
      // A runtime within a pod made the container, and put its cgroup beside the pod's.
      let (pod, container) = names.names(inPod: uid, above.identity, of: above.process)
      return Owner(inPod: uid, pod, container: container, above.identity, slurmJobID)
    }
    return Owner(
      container: container ?? "", containerID: identity.containerID, runtime: identity.runtime?.rawValue,
      isInContainer: identity.isInContainer, unit: identity.unitLabel, slurmJobID: slurmJobID)
  }
}

extension Owner {
  /// The owner of a process in a pod; `pod` is `nil` if only the UID is known.
  fileprivate convenience init(
    inPod uid: PodUID, _ pod: PodName?, container: String?, _ identity: CgroupIdentity, _ slurmJobID: String?
  ) {
    self.init(
      pod: pod?.name ?? "pod-" + uid.text, namespace: pod?.namespace ?? "", container: container ?? "", podUID: uid,
      containerID: identity.containerID, runtime: identity.runtime?.rawValue,
      isInContainer: identity.isInContainer, slurmJobID: slurmJobID)
  }

  /// Whether every process of the cgroup has this owner.
  ///
  /// That is so for a container in a pod that has its name. If the name is missing, the ancestors of another process may
  /// lead to the runtime's monitor; and with a Slurm SLUID another step may tell the job's number.
  fileprivate func isSettled(by identity: CgroupIdentity) -> Bool {
    podUID != nil && containerID != nil && identity.slurmSLUID == nil && !container.isEmpty
  }
}
