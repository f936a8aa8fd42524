/// Batch jobs of a path: Slurm, PBS, HTCondor, Amazon ECS.
///
/// Only segments above a container and outside a user's own systemd count: below, anybody could
/// name a job.
extension CgroupPath {
  /// Sets the fields of the first job whose segments stand before `end`.
  func readJobs(into identity: inout CgroupIdentity, before end: Int) {
    for index in 0..<end {
      let name = segments[index]
      if let node = slurmNode(name) {
        readSlurm(at: index + 1, before: end, node: node, into: &identity)
      } else if !startsJob(name) {
        continue
      } else if name.starts(with: "pbs_jobs") {
        let level = segment(index + 1)
        guard index + 2 < end, level.equals("jobid") || level.equals("jobs") else { continue }
        identity.pbsJob = segments[index + 2].text
      } else if name.starts(with: "condor_") {
        identity.htcondorSlot = htcondorSlot(name)?.text
      } else if name.equals("ecs") {
        readTask(at: index + 1, into: &identity)
      }
      if identity.hasBatchJob { return }
    }
  }

  /// `[uid_<n>/]{job_<n>|<SLUID>}[/step_<s>[/{slurm|user}][/task_<t>]]`
  private func readSlurm(
    at start: Int, before end: Int, node: ArraySlice<UInt8>, into identity: inout CgroupIdentity
  ) {
    var rest = segments[min(start, end)..<end]
    var user: UInt32?
    if let name = rest.first, name.starts(with: "uid_") {
      user = name.dropFirst(4).decimal.flatMap { UInt32(exactly: $0) }
      rest = rest.dropFirst()
    }
    guard let job = rest.popFirst() else { return }
    if job.starts(with: "job_"), job.dropFirst(4).decimal != nil {
      identity.slurmJobID = job.dropFirst(4).text
    } else if isSLUID(job) {
      identity.slurmSLUID = job.text
    } else {
      return
    }
    identity.slurmUID = user
    identity.slurmNode = node.isEmpty ? nil : node.text
    guard let step = rest.popFirst(), step.starts(with: "step_"), step.count > 5 else { return }
    identity.slurmStep = step.dropFirst(5).text
    identity.slurmStepPath = Array(segments[..<rest.startIndex].joined(separator: [UInt8(ascii: "/")])).text
    if rest.first?.equals("slurm") == true { identity.role = .slurmstepd }
    if rest.first?.equals("user") == true { rest = rest.dropFirst() }
    guard let task = rest.first, task.starts(with: "task_"), task.count > 5 else { return }
    identity.slurmTask = task.dropFirst(5).text
  }

  /// `ecs/<task>`, and below it on Fargate `<task>-<digits>` for the container; in a pod there are no tasks.
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

/// Whether the first byte is that of a job's segment which is not Slurm's: most segments are told by it.
private func startsJob(_ segment: ArraySlice<UInt8>) -> Bool {
  segment.first == UInt8(ascii: "p") || segment.first == UInt8(ascii: "c") || segment.first == UInt8(ascii: "e")
}

/// The node in `slurm_<node>` or `<node>_slurmstepd.scope`, empty where none is named.
///
/// `nil` for a segment that is not Slurm's root.
private func slurmNode(_ segment: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  if segment.last == UInt8(ascii: "e"), !isSlice(segment), segment.ends(with: "_slurmstepd.scope") {
    return segment.dropLast(17)
  }
  if segment.first != UInt8(ascii: "s") { return nil }
  if segment.equals("slurm") || segment.equals("slurmstepd.scope") { return [] }
  return segment.starts(with: "slurm_") ? segment.dropFirst(6) : nil
}

/// `s` and 13 digits of Crockford's base 32, which has no I, L, O and U (Slurm 26.05, `src/common/sluid.h`).
private func isSLUID(_ segment: ArraySlice<UInt8>) -> Bool {
  let digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8
  return segment.count == 14 && segment.first == UInt8(ascii: "s")
    && segment.dropFirst().allSatisfy(digits.contains)
}

/// `slot…` at the end of `condor_<execute directory>_slot…`.
private func htcondorSlot(_ segment: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
  var slot: ArraySlice<UInt8>?
  var rest = segment
  while let underscore = rest.firstIndex(of: UInt8(ascii: "_")) {
    rest = rest[underscore...].dropFirst()
    if rest.starts(with: "slot") { slot = rest }
  }
  return slot
}
