/// Job numbers where Slurm 26.05 puts the job's SLUID into the path instead (reference §1.3).
///
/// The number stands in the title of the step's daemon, `slurmstepd: [3385.0]`, and only a process in that job's own
/// `slurm` cgroup is believed: a user may name a process slurmstepd, but cannot move it there.
package struct SlurmJobs {
  let node: ProcFS
  let options: Options
  /// The processes on GPUs, whose command lines are never read; looked through for a daemon only.
  let onGPUs: [Int32]
  private var known: [String: String] = [:]
  /// PIDs in a step's own cgroup and processes looked at, each read once in a run.
  private var stepPIDs: [String: [Int32]] = [:]
  private var seen: [Int32: Seen] = [:]

  /// What is known of a process: its parent, and of a step's daemon the job.
  private struct Seen {
    var parent: Int32?
    var sluid: String?
    var id: String?
  }

  package init(node: ProcFS, options: Options, onGPUs: [Int32]) {
    self.node = node
    self.options = options
    self.onGPUs = onGPUs
  }

  /// The job's number, its SLUID where no daemon tells the number, `nil` outside of Slurm.
  package mutating func jobID(_ identity: CgroupIdentity, parent: Int32) -> String? {
    if let id = identity.slurmJobID { return id }
    guard let sluid = identity.slurmSLUID else { return nil }
    if let id = known[sluid] { return id }
    let id = fromStepCgroup(identity, sluid) ?? fromAncestors(of: parent, sluid)
    if let id { known[sluid] = id }
    return id ?? sluid
  }

  private mutating func fromStepCgroup(_ identity: CgroupIdentity, _ sluid: String) -> String? {
    guard let path = identity.slurmStepPath else { return nil }
    for pid in pids(inStep: path) {
      if let id = number(of: process(pid), sluid) { return id }
    }
    return nil
  }

  private mutating func pids(inStep path: String) -> [Int32] {
    if let known = stepPIDs[path] { return known }
    var pids: [Int32] = []
    let file = options.nodePath("/sys/fs/cgroup/" + path + "/slurm/cgroup.procs")
    if case .bytes(let bytes) = node.host.readFile(file, SlurmJobs.fileLimit) {
      pids = bytes[...].lines().prefix(SlurmJobs.levels).compactMap { $0.decimal.flatMap { Int32(exactly: $0) } }
    }
    stepPIDs[path] = pids
    return pids
  }

  /// Walks up the parents; the limit also ends a circle.
  private mutating func fromAncestors(of parent: Int32, _ sluid: String) -> String? {
    var pid = parent
    for _ in 0..<SlurmJobs.levels {
      if pid <= 1 { return nil }
      let ancestor = process(pid)
      if let id = number(of: ancestor, sluid) { return id }
      guard let next = ancestor.parent else { return nil }
      pid = next
    }
    return nil
  }

  /// The job's number, if the process is the daemon of one of this job's steps.
  private func number(of process: Seen, _ sluid: String) -> String? {
    process.sluid == sluid ? process.id : nil
  }

  private mutating func process(_ pid: Int32) -> Seen {
    if let known = seen[pid] { return known }
    let found = read(pid)
    seen[pid] = found
    return found
  }

  private func read(_ pid: Int32) -> Seen {
    var found = Seen()
    _ = node.openProcess(pid) { read in
      guard case .bytes(let bytes) = read("stat", SlurmJobs.fileLimit), let stat = ProcessStat(bytes) else {
        return
      }
      found.parent = stat.parent
      guard stat.comm.equals("slurmstepd"), !onGPUs.contains(pid),
        case .bytes(let cgroup) = read("cgroup", SlurmJobs.fileLimit)
      else { return }
      let identity = cgroupIdentity(cgroup)
      guard identity.slurmSLUID != nil, identity.role == .slurmstepd,
        case .bytes(let title) = read("cmdline", SlurmJobs.fileLimit)
      else { return }
      found.sluid = identity.slurmSLUID
      found.id = slurmJobID(title: title)
    }
    return found
  }

  private static let levels = 16
  private static let fileLimit = 256 << 10
}

/// The job's number in the title of a slurmstepd, `slurmstepd: [3385.0]` or `slurmstepd: [3385.extern stepmgr]`.
///
/// `nil` for every other one. Source: Slurm `src/slurmd/slurmstepd/slurmstepd.c`, setproctitle of job and step.
package func slurmJobID(title: [UInt8]) -> String? {
  let line = title.prefix { $0 != 0 }
  guard line.starts(with: "slurmstepd: ["), line.contains(UInt8(ascii: "]")) else { return nil }
  let number = line.dropFirst(13).prefix { $0 != UInt8(ascii: ".") }
  guard number.decimal != nil, number.endIndex < line.endIndex else { return nil }
  return number.text
}
