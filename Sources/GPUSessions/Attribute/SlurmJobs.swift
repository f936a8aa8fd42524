/// Job numbers where Slurm 26.05 puts the job's SLUID into the path instead (reference §1.3).
///
/// The number stands in the title of the step's daemon, `slurmstepd: [3385.0]`, and only a process in that job's own
/// `slurm` cgroup is believed: a user may name a process slurmstepd, but cannot move it there.
package struct SlurmJobs {
  let host: Host
  let options: Options
  /// The processes on GPUs, whose command lines are never read.
  let onGPUs: Set<Int32>
  private var known: [String: String] = [:]

  package init(host: Host, options: Options, onGPUs: Set<Int32>) {
    self.host = host
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

  private func fromStepCgroup(_ identity: CgroupIdentity, _ sluid: String) -> String? {
    guard let path = identity.slurmStepPath,
      case .bytes(let bytes) = host.readFile(
        options.nodePath("/sys/fs/cgroup/" + path + "/slurm/cgroup.procs"), SlurmJobs.fileLimit)
    else { return nil }
    let pids = bytes[...].lines().prefix(SlurmJobs.levels).compactMap { $0.decimal.flatMap { Int32(exactly: $0) } }
    return pids.lazy.compactMap { daemon($0, sluid).id }.first
  }

  /// Walks up the parents; the limit also ends a circle.
  private func fromAncestors(of parent: Int32, _ sluid: String) -> String? {
    var pid = parent
    for _ in 0..<SlurmJobs.levels {
      if pid <= 1 { return nil }
      let seen = daemon(pid, sluid)
      if let id = seen.id { return id }
      guard let next = seen.parent else { return nil }
      pid = next
    }
    return nil
  }

  /// The parent of a process, and the job's number if it is the daemon of one of the job's steps.
  private func daemon(_ pid: Int32, _ sluid: String) -> (id: String?, parent: Int32?) {
    var id: String?
    var parent: Int32?
    _ = host.withProcess(options.proc, pid) { read in
      guard case .bytes(let bytes) = read("stat", SlurmJobs.fileLimit), let stat = ProcessStat(bytes) else {
        return
      }
      parent = stat.parent
      guard stat.comm.equals("slurmstepd"), !onGPUs.contains(pid),
        case .bytes(let cgroup) = read("cgroup", SlurmJobs.fileLimit)
      else { return }
      let identity = cgroupIdentity(cgroup)
      guard identity.slurmSLUID == sluid, identity.role == .slurmstepd,
        case .bytes(let title) = read("cmdline", SlurmJobs.fileLimit)
      else { return }
      id = slurmJobID(title: title)
    }
    return (id, parent)
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
