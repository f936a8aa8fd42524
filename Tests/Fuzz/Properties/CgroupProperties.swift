import GPUSessions

/// `/proc/PID/cgroup`. Its lower part is what a workload may choose.
let cgroupTarget = FuzzTarget("cgroup") { input, findings in
  let identity = cgroupIdentity(input)
  checkForms(identity, input, &findings)
  findings.require(
    cgroupIdentity(input + Array("\nno line of it\n".utf8)) == identity, "what is no line adds nothing")
  // A path of its own per line, so that what follows is below it and not in place of it.
  for line in input.split(separator: UInt8(ascii: "\n")) {
    checkForgery(below: Array(line), &findings)
  }
}

private func checkForms(_ identity: CgroupIdentity, _ input: [UInt8], _ findings: inout Findings) {
  let dashed = input.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
  if let uid = identity.podUID?.text {
    findings.require(
      [32, 36].contains(uid.utf8.count) && occurs(uid.utf8, in: dashed), "a pod's UID is in the path")
    findings.require(
      uid.utf8.allSatisfy { isHex($0 | 0x20) || (uid.utf8.count == 36 && $0 == UInt8(ascii: "-")) }, "a UID is hex")
  }
  if let id = identity.containerID {
    let isPlain = id.utf8.count == 64 && id.utf8.allSatisfy(isHex)
    findings.require(isPlain || identity.ecsTask.map { id.hasPrefix($0 + "-") } ?? false, "a container's ID is one")
    findings.require(occurs(id.utf8, in: input), "a container's ID is in the path")
  }
  findings.require(
    !identity.isConflicting || (identity.podUID == nil && identity.containerID == nil), "a conflict names nobody")
  findings.require(
    identity.slurmJobID?.utf8.allSatisfy { (0x30...0x39).contains($0) } ?? true, "a job's number is a number")
  findings.require(!identity.isContained || identity.unitLabel == nil, "what is contained has no unit")
  // In the name of a slice PBS's job has systemd's escapes, which are undone.
  let job = occurs("\\x".utf8, in: input) ? nil : identity.pbsJob
  let names = [identity.unit, identity.userUnit, identity.session, job, identity.htcondorSlot]
  for name in names.compactMap(\.self) where !name.utf8.contains(0xEF) {
    findings.require(occurs(name.utf8, in: input), "a name is in the path")
  }
}

/// A workload can only add levels below its own: they change neither its pod nor its container nor its job.
///
/// Of a pod without a container the levels are not the workload's: Slurm puts its jobs there. Below the container of a pod
/// the number of a Slurm job is believed, where slurmd runs in the pod, and changes nothing else.
private func checkForgery(below line: [UInt8], _ findings: inout Findings) {
  let identity = cgroupIdentity(line)
  // A removed cgroup has no levels below it.
  let path = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
  guard identity.podUID != nil, identity.containerID != nil, !path.suffix(10).elementsEqual(" (deleted)".utf8)
  else { return }
  let uid = "deadbeef-dead-beef-dead-beefdeadbeef"
  let id = String(repeating: "deadbeef", count: 8)
  let task = id.prefix(32)
  let levels = [
    "kubepods/besteffort/pod\(uid)/\(id)", "kubepods-pod\(uid).slice/cri-containerd-\(id).scope",
    "docker-\(id).scope", "slurm/uid_0/job_1/step_0", "slurmstepd.scope/s0000000000000/step_0/slurm",
    "ecs/\(task)/\(task)-1", "pbs_jobs/jobs/1", "lxc.payload.other",
    "user.slice/user-0.slice/user@0.service/x.service", "..",
  ]
  var inJob = cgroupIdentity(line + Array("/slurmstepd.scope/job_1/step_0/user".utf8))
  findings.require(
    identity.isRootless || identity.hasBatchJob || inJob.slurmJobID == "1", "a pod's own Slurm job is read")
  inJob.slurmJobID = identity.slurmJobID
  findings.require(whose(inJob) == whose(identity), "a Slurm job below a container changes nothing else")
  for level in levels {
    let below = cgroupIdentity(line + Array("/\(level)".utf8))
    findings.require(
      whose(below) == whose(identity) && below.isRootless == identity.isRootless,
      "no level below a container, such as \(level), changes whose it is")
  }
}

/// The names that labels are made of, or that lead to them.
private func whose(_ identity: CgroupIdentity) -> [String?] {
  [
    identity.podUID?.text, identity.containerID, identity.runtime?.rawValue, identity.slurmJobID,
    identity.slurmSLUID,
    identity.pbsJob, identity.htcondorSlot, identity.ecsTask, identity.machine, identity.lxc, identity.unitLabel,
  ]
}

private func isHex(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
