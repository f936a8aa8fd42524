/// Job numbers for processes whose cgroup path has the job's SLUID instead, as Slurm 26.05 writes it.
///
/// The number is in the process title of the step's daemon, `slurmstepd: [3385.0]`. Only a process in the job's own
/// `slurm` cgroup is believed: a user may give a process this title, but cannot move it there.
package struct SlurmJobs {
  let node: ProcFS
  let options: Options
  /// PIDs on GPUs, each as often as it is listed. Their command lines are never read.
  private let listedPIDs: [Int32]
  /// The PIDs as a set; made at first use, because few nodes need it.
  private lazy var pidsOnGPUs = Set(listedPIDs)
  /// Numbers that were found, by SLUID.
  private var jobIDs: [String: String] = [:]
  /// PIDs in the cgroups of steps, by path. Each file is read once in a run, as is each process.
  private var stepPIDs: [String: [Int32]] = [:]
  private var processes: [Int32: Process] = [:]

  /// What is known of a process. `sluid` and `jobID` are `nil` if it is no step's daemon, `parent` if it is unreadable.
  private struct Process {
    var parent: Int32?
    var sluid: String?
    var jobID: String?
  }

  package init(node: ProcFS, options: Options, onGPUs: [Int32]) {
    self.node = node
    self.options = options
    listedPIDs = onGPUs
  }

  /// The job's number, or its SLUID if no daemon tells the number; `nil` outside of Slurm.
  ///
  /// `parent` is the PID of the process's parent.
  package mutating func jobID(_ identity: CgroupIdentity, parent: Int32) -> String? {
    if let id = identity.slurmJobID { return id }
    guard let sluid = identity.slurmSLUID else { return nil }
    if let id = jobIDs[sluid] { return id }
    guard let id = fromStepCgroup(identity, sluid) ?? fromAncestors(of: parent, sluid) else { return sluid }
    jobIDs[sluid] = id
    return id
  }

  private mutating func fromStepCgroup(_ identity: CgroupIdentity, _ sluid: String) -> String? {
    guard let path = identity.slurmStepPath else { return nil }
    for pid in pids(inStep: path) {
      let process = process(pid)
      if process.sluid == sluid, let id = process.jobID { return id }
    }
    return nil
  }

  private mutating func pids(inStep path: String) -> [Int32] {
    if let known = stepPIDs[path] { return known }
    var pids: [Int32] = []
    let file = options.nodePath("/sys/fs/cgroup/" + path + "/slurm/cgroup.procs")
    if case .bytes(let bytes) = node.host.readFile(file, SlurmJobs.fileLimit) {
      pids = bytes[...].lines().prefix(SlurmJobs.pidLimit).compactMap { $0.decimal.flatMap { Int32(exactly: $0) } }
    }
    stepPIDs[path] = pids
    return pids
  }

  private mutating func fromAncestors(of parent: Int32, _ sluid: String) -> String? {
    var pid = parent
    // PIDs are reused while they are read, so the parents may form a circle: the limit ends it.
    for _ in 0..<SlurmJobs.ancestorLimit where pid > 1 {
      let process = process(pid)
      if process.sluid == sluid, let id = process.jobID { return id }
      guard let next = process.parent else { return nil }
      pid = next
    }
    return nil
  }

  private mutating func process(_ pid: Int32) -> Process {
    if let known = processes[pid] { return known }
    let found = read(pid)
    processes[pid] = found
    return found
  }

  /// Reads one process. Its command line is read only if it is in the cgroup of a step's daemon.
  private mutating func read(_ pid: Int32) -> Process {
    var found = Process()
    let isOnGPU = pidsOnGPUs.contains(pid)
    _ = node.openProcess(pid) { read in
      guard case .bytes(let bytes) = read("stat", SlurmJobs.fileLimit), let stat = ProcessStat(bytes) else {
        return
      }
      found.parent = stat.parent
      guard stat.comm.equals("slurmstepd"), !isOnGPU,
        case .bytes(let cgroup) = read("cgroup", SlurmJobs.fileLimit)
      else { return }
      let identity = cgroupIdentity(cgroup, in: node.nodeCgroup)
      guard identity.slurmSLUID != nil, identity.role == .slurmstepd,
        case .bytes(let title) = read("cmdline", SlurmJobs.fileLimit)
      else { return }
      found.sluid = identity.slurmSLUID
      found.jobID = slurmJobID(title: title)
    }
    return found
  }

  private static let ancestorLimit = 16
  private static let pidLimit = 16
  private static let fileLimit = 256 << 10
}

/// The job's number in the title of a slurmstepd, `slurmstepd: [3385.0]` or `slurmstepd: [3385.extern stepmgr]`.
///
/// `nil` for any other title. Source: Slurm `src/slurmd/slurmstepd/slurmstepd.c`.
package func slurmJobID(title: [UInt8]) -> String? {
  let line = title.prefix { $0 != 0 }
  guard line.starts(with: "slurmstepd: ["), line.contains(UInt8(ascii: "]")) else { return nil }
  let number = line.dropFirst(13).prefix { $0 != UInt8(ascii: ".") }
  guard number.decimal != nil, number.endIndex < line.endIndex else { return nil }
  return number.text
}
