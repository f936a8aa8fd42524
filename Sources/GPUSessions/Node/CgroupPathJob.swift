/// Batch jobs of a path: Slurm, PBS, HTCondor, Amazon ECS.
///
/// Only segments above a container and outside of a user's own systemd are read, because anybody could name a job
/// below. The exception is `slurmstepd.scope/job_<n>` below the container of a pod, where slurmd runs in the pod.
extension CgroupPath {
  /// Sets the fields of the first job whose segments lie before `end`.
  func readJobs(into identity: inout CgroupIdentity, before end: Int) {
    for index in 0..<end {
      let name = segments[index]
      if isSlurmRoot(name) {
        readSlurm(segments[(index + 1)..<end], into: &identity)
      } else if let slot = htcondorSlot(name) {
        identity.htcondorSlot = slot.text
      } else if name.equals("ecs") {
        readTask(at: index + 1, into: &identity)
      } else {
        identity.pbsJob = pbsJob(at: index, before: end)
      }
      if identity.hasBatchJob { return }
    }
  }

  /// Sets the Slurm job that lies below the container of a pod, whose segment is `index`: `…/slurmstepd.scope/job_<n>`.
  ///
  /// The workload of the pod can name a job of its own there, and never another pod (slinky's slurmd, Slurm 25).
  func readJob(belowContainerOfPod index: Int, into identity: inout CgroupIdentity) {
    guard identity.podUID != nil, identity.containerID != nil, !identity.isRootless else { return }
    for root in segments.indices.dropFirst(index + 1) where segments[root].equals("slurmstepd.scope") {
      let job = segment(root + 1)
      guard job.starts(with: "job_"), job.dropFirst(4).decimal != nil else { continue }
      identity.slurmJobID = job.dropFirst(4).text
      return
    }
  }

  /// Reads `[uid_<n>/]{job_<n>|<SLUID>}[/step_<s>[/{slurm|user}…]]`, the levels below Slurm's root.
  ///
  /// Source: Slurm `src/plugins/cgroup/v1/cgroup_v1.c` and `v2/cgroup_v2.c`.
  private func readSlurm(_ levels: ArraySlice<ArraySlice<UInt8>>, into identity: inout CgroupIdentity) {
    var rest = levels
    if let user = rest.first, user.starts(with: "uid_") { rest = rest.dropFirst() }
    guard let job = rest.popFirst() else { return }
    if job.starts(with: "job_"), job.dropFirst(4).decimal != nil {
      identity.slurmJobID = job.dropFirst(4).text
    } else if isSLUID(job) {
      identity.slurmSLUID = job.text
    } else {
      return
    }
    guard let step = rest.popFirst(), step.starts(with: "step_"), step.count > 5 else { return }
    identity.slurmStepPath = segments[..<rest.startIndex].map(\.text).joined(separator: "/")
    // The step's daemon is in `slurm`, the job's own processes are in `user`.
    if let below = rest.first, below.equals("slurm") { identity.role = .slurmstepd }
  }

  /// The PBS job whose cgroup is that of this segment or, below it, of one of the next two; `nil` if there is none.
  ///
  /// PBS makes `<prefix>.service/jobid/<job>`, newer versions `…/jobs/<job>`, the ones before 19 `/<prefix>/<job>` and
  /// `<prefix>.slice/<prefix>-<job>.slice`. The prefix is configured (`cgroup_prefix`: `pbs_jobs`, `pbspro` before), so the
  /// form of the job's ID decides. Source: OpenPBS `src/hooks/cgroups/pbs_cgroups.PY`.
  private func pbsJob(at index: Int, before end: Int) -> String? {
    let name = segments[index]
    if isSlice(name), index > 0, isSlice(segments[index - 1]), name.starts(with: segments[index - 1].dropLast(6)) {
      let job = undoingSystemdEscapes(name.dropFirst(segments[index - 1].count - 6).dropLast(6))
      return job.first == UInt8(ascii: "-") && isPBSJob(job.dropFirst()) ? job.dropFirst().text : nil
    }
    let (level, job) = (segment(index + 1), segment(index + 2))
    if index + 2 < end, level.equals("jobid") || level.equals("jobs"), isPBSJob(job) { return job.text }
    // logind before systemd 205 made `/user/1000.user`.
    return index == 0 && end > 1 && !name.equals("user") && isPBSJob(level) ? level.text : nil
  }

  /// Reads `ecs/<task>` and, below it on Fargate, `<task>-<digits>` for the container. There are no tasks in a pod.
  private func readTask(at index: Int, into identity: inout CgroupIdentity) {
    let task = segment(index)
    guard identity.podUID == nil, task.count == 32, task.isLowercaseHex else { return }
    identity.ecsTask = task.text
    let container = segment(index + 1)
    guard identity.containerID == nil, container.starts(with: task),
      container.dropFirst(32).first == UInt8(ascii: "-"), container.dropFirst(33).decimal != nil
    else { return }
    identity.containerID = container.text
  }
}

/// Whether jobs of Slurm lie below this segment; a node's name is added where several slurmd share a host.
private func isSlurmRoot(_ segment: ArraySlice<UInt8>) -> Bool {
  segment.equals("slurm") || segment.starts(with: "slurm_")  // cgroup version 1
    || segment.equals("slurmstepd.scope") || segment.ends(with: "_slurmstepd.scope")  // version 2
}

/// Whether this is `s` and 13 digits of Crockford's base 32, which has no I, L, O and U.
///
/// Source: Slurm 26.05, `src/common/sluid.h`.
private func isSLUID(_ segment: ArraySlice<UInt8>) -> Bool {
  let digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8
  return segment.count == 14 && segment.starts(with: "s") && segment.dropFirst().allSatisfy(digits.contains)
}

/// Whether this is the ID of a PBS job: a number, the index of an array job in brackets, a dot and the server's name.
private func isPBSJob(_ segment: ArraySlice<UInt8>) -> Bool {
  guard let dot = segment.position(of: UInt8(ascii: ".")), dot + 1 < segment.endIndex else { return false }
  var number = segment[..<dot]
  if number.last == UInt8(ascii: "]"), let open = number.position(of: UInt8(ascii: "[")) {
    let index = number[(open + 1)...].dropLast()
    guard index.isEmpty || index.decimal != nil else { return false }
    number = number[..<open]
  }
  return number.decimal != nil && !segment.ends(with: ".slice") && !segment.ends(with: ".scope")
    && !segment.ends(with: ".service")
}

/// The slot at the end of `condor_<execute directory>_slot…`; `nil` if there is none.
///
/// That its cgroup is the job's user's: HTCondor `src/condor_utils/proc_family_direct_cgroup_v2.cpp`.
func htcondorSlot(_ segment: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  guard segment.starts(with: "condor_") else { return nil }
  let start = segment.indices.last { segment[$0...].starts(with: "_slot") }
  return start.map { segment[$0...].dropFirst() }
}
