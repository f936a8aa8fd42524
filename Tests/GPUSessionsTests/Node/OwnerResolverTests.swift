import Testing

@testable import GPUSessions

@Suite struct OwnerResolverTests {
  private let sluid = "s5K1KKYAYG5D00"

  private func stat(_ pid: Int32, parent: Int32) throws -> ProcessStat {
    let text = "\(pid) (python) S \(parent)" + String(repeating: " 0", count: 17) + " 50 0 0\n"
    return try #require(ProcessStat(octets(text)))
  }

  /// A container's pod below a Slurm job with a SLUID. Only the second process has the step's daemon above it.
  @Test func `the job's number is looked for again for each process of a container in a job`() throws {
    let job = "/system.slice/slurmstepd.scope/\(sluid)/step_0"
    let pod = "/user/kubepods/pod\(FakeHost.podUID)/\(FakeHost.containerID)"
    let node = FakeNode()
    node.add(90, "slurmstepd", parent: 1, cgroup: job + "/slurm", arguments: ["slurmstepd: [3385.0]"])
    let key = "io.kubernetes.cri"
    node.files["/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(FakeHost.containerID)/config.json"] = """
      {"annotations":{"\(key).container-type":"container","\(key).container-name":"main",
      "\(key).sandbox-name":"a","\(key).sandbox-namespace":"ml"}}
      """
    let procFS = ProcFS(host: node.host, root: "/proc")
    var names = PodNameResolver(procFS: procFS, options: Options())
    var owners = OwnerResolver(slurm: SlurmJobs(node: procFS, options: Options(), onGPUs: [100, 101]))
    var problems = ProblemCounts()
    let cgroup = Cgroup(octets("0::\(job)\(pod)\n"))
    let first = owners.owner(cgroup, try stat(100, parent: 1), &names, &problems)
    let second = owners.owner(cgroup, try stat(101, parent: 90), &names, &problems)
    #expect(first.slurmJobID == sluid && second.slurmJobID == "3385")
    #expect([first, second].allSatisfy { $0.pod == "a" && $0.container == "main" })
  }
}
