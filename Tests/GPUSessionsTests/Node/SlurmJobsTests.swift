import GPUSessions
import Testing

@Suite struct SlurmJobsTests {
  private static let sluid = "s5K1KKYAYG5D00"
  private static let step = "/system.slice/slurmstepd.scope/\(sluid)/step_0"
  private let task = cgroupIdentity(Array("0::/../..\(step)/user/task_0".utf8))

  private func process(
    _ pid: Int, _ comm: String, parent: Int, cgroup: String = "\(step)/slurm", title: String = ""
  ) -> [String: String] {
    let tail = "1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5 1000 2\n"
    return [
      "/proc/\(pid)/stat": "\(pid) (\(comm)) S \(parent) \(tail)", "/proc/\(pid)/cgroup": "0::\(cgroup)\n",
      "/proc/\(pid)/cmdline": title,
    ]
  }

  private func jobID(_ files: [String: String], parent: Int32 = 10, onGPUs: [Int32] = [5]) -> String? {
    var jobs = SlurmJobs(
      node: ProcFS(host: fakeHost(files: files), root: "/proc"), options: Options(), onGPUs: onGPUs)
    return jobs.jobID(task, parent: parent)
  }

  @Test func theCgroupOfTheStepNamesTheDaemon() {
    #expect(task.slurmStepPath == String(Self.step.dropFirst()))
    var files = process(90, "slurmstepd", parent: 1, title: "slurmstepd: [3385.0]\0\0")
    files["/sys/fs/cgroup\(Self.step)/slurm/cgroup.procs"] = "x\n99999999999\n90\n"
    #expect(jobID(files) == "3385")
  }

  @Test func elseOneOfTheParentsIsTheDaemon() {
    let daemon = process(90, "slurmstepd", parent: 1, title: "slurmstepd: [3385.extern stepmgr]")
    let shell = process(10, "bash", parent: 90, title: "slurmstepd: [1.0]")
    #expect(jobID(daemon.merging(shell) { $1 }) == "3385")
  }

  @Test func aForgedDaemonIsNotBelieved() {
    let title = "slurmstepd: [999.0]"
    let own = process(10, "slurmstepd", parent: 1, cgroup: "\(Self.step)/user/task_0", title: title)
    #expect(jobID(own) == Self.sluid)
    let other = "/system.slice/slurmstepd.scope/s5K1KKYAYG5D01/step_0/slurm"
    #expect(jobID(process(10, "slurmstepd", parent: 1, cgroup: other, title: title)) == Self.sluid)
    #expect(jobID(process(10, "slurmstepd", parent: 1, title: title), onGPUs: [10]) == Self.sluid)
  }

  @Test func theWalkEnds() {
    #expect(jobID([:]) == Self.sluid)
    #expect(jobID(process(10, "a", parent: 10)) == Self.sluid)
    #expect(jobID(process(10, "a", parent: 0), parent: 0) == Self.sluid)
    var files = process(40, "slurmstepd", parent: 1, title: "slurmstepd: [3385.0]")
    for pid in 10..<40 { files.merge(process(pid, "a", parent: pid + 1)) { $1 } }
    #expect(jobID(files, parent: 25) == "3385")
    #expect(jobID(files, parent: 24) == Self.sluid)
  }

  @Test func eachProcessAndEachStepIsReadOnce() {
    let node = FakeNode()
    let procs = "/sys/fs/cgroup\(Self.step)/slurm/cgroup.procs"
    node.files = process(90, "slurmstepd", parent: 1, title: "slurmstepd: [no number]")
    node.files.merge(process(10, "bash", parent: 90)) { $1 }
    node.files[procs] = "90\n"
    var jobs = SlurmJobs(node: ProcFS(host: node.host, root: "/proc"), options: Options(), onGPUs: [])
    for _ in 0..<3 { #expect(jobs.jobID(task, parent: 10) == Self.sluid) }
    let paths = ["/proc/1/cgroup", procs, "/proc/90/stat", "/proc/90/cgroup", "/proc/90/cmdline", "/proc/10/stat"]
    #expect(node.reads == [String: Int](uniqueKeysWithValues: paths.map { ($0, 1) }))
  }

  @Test func aNumberInThePathNeedsNoDaemon() {
    var jobs = SlurmJobs(node: ProcFS(host: fakeHost(), root: "/proc"), options: Options(), onGPUs: [])
    let numbered = cgroupIdentity(Array("0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0".utf8))
    #expect(jobs.jobID(numbered, parent: 1) == "7")
    #expect(jobs.jobID(cgroupIdentity(Array("0::/system.slice/a.service".utf8)), parent: 1) == nil)
  }

  @Test(arguments: [
    "", "slurmstepd", "slurmstepd: [", "slurmstepd: []", "slurmstepd: [.0]", "slurmstepd: [12]",
    "slurmstepd: [12.0",
    "slurmstepd: [-1.0]", "slurmstepd: [1a.0]", "slurmstepd: [99999999999999999999.0]", "python [12.0]",
    "\0slurmstepd: [12.0]", "slurmstepd: [12\0.0]",
  ])
  func otherTitlesTellNothing(title: String) {
    #expect(slurmJobID(title: Array(title.utf8)) == nil)
  }
}
