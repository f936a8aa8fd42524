import GPUSessions
import Testing

/// Which processes are believed to be monitors of containers.
@Suite struct MonitorTrustTests {
  private static let uid = FakeHost.podUID
  private static let id = FakeHost.containerID
  private static let other = String(repeating: "f", count: 64)
  private static let manager = "user.slice/user-1000.slice/user@1000.service"
  private let pod = "kubepods/pod\(uid)/crio-\(id)"
  private let named = RuntimeLookup.pod(PodName(namespace: "ml", name: "train-0"), container: "main")
  private let arguments = ["/usr/bin/conmon", "-c", id, "-n", "k8s_main_train-0_ml_\(uid)_3"]
  private let plain = ["/usr/bin/conmon", "-c", id, "-n", "web"]
  private let node = FakeHost()

  /// The names for a process with this cgroup whose parent is process 9.
  private func names(_ cgroup: String) throws -> RuntimeLookup {
    var names = RuntimeMetadata(node: ProcFS(host: node.host, root: "/proc"), options: Options())
    let text = "100 (python) S 9" + String(repeating: " 0", count: 17) + " 50 0 0\n"
    let stat = try #require(ProcessStat(octets(text)))
    return names.namesByMonitor(for: cgroupIdentity(octets("0::/\(cgroup)\n")), of: stat)
  }

  private var isCommandLineRead: Bool { node.reads.contains("/proc/9/cmdline") }

  @Test(arguments: [
    "system.slice/crio.service", "", "init.scope", "runtime.slice/crio.service",
    "machine.slice/libpod-conmon-\(id).scope",
    "kubepods/pod\(uid)/crio-conmon-\(id).scope", "system.slice/crio-conmon-\(id).scope",
  ])
  func `root's conmon outside of workloads is believed`(cgroup: String) throws {
    node.addMonitor(9, "conmon", cgroup: cgroup, arguments: arguments)
    #expect(try names(pod) == named)
  }

  @Test(arguments: [
    "kubepods/pod\(uid)", "kubepods/pod\(uid)/\(id)", "kubepods/pod\(uid)/crio-\(id)/crio-conmon-\(id).scope",
    "kubepods/pod\(uid)/system.slice/crio.service", "docker/\(other)", "docker/\(other)/system.slice/crio.service",
    "system.slice/docker-\(other).scope/crio-conmon-\(id).scope", "lxc.payload.tenant/system.slice/crio.service",
    "lxc/tenant", "machine.slice/machine-tenant.scope/payload/system.slice/crio.service",
    "machine.slice/systemd-nspawn@a.service/payload", "slurm/uid_0/job_31/step_0/user/task_0",
    "system.slice/slurmstepd.scope/job_31/step_0/slurm", "pbs_jobs.service/jobid/1.a",
    "system.slice/condor.service/condor_a_slot1", "ecs/0123456789abcdef0123456789abcdef",
  ])
  func `a conmon within a workload is not, and its command line is not read`(cgroup: String) throws {
    node.addMonitor(9, "conmon", cgroup: cgroup, arguments: arguments)
    #expect(try names(pod) == .unknown && !isCommandLineRead)
  }

  @Test func `two lines with different pods are of a workload`() throws {
    node.addMonitor(9, "conmon", cgroup: "", arguments: arguments)
    node.write(
      "/proc/9/cgroup", "1:cpu:/kubepods/pod\(Self.uid)\n2:pids:/kubepods/podeab5a334-93fe-48a8-b139-9e8079c1f163\n"
    )
    #expect(try names(pod) == .unknown && !isCommandLineRead)
  }

  @Test(arguments: ["system.slice/crio.service", "", "kubepods/pod\(uid)/crio-conmon-\(id).scope"])
  func `another user's process is not, and its command line is not read`(cgroup: String) throws {
    node.addMonitor(9, "conmon", cgroup: cgroup, uid: 1000, arguments: arguments)
    #expect(try names(pod) == .unknown && !isCommandLineRead)
  }

  @Test(arguments: ["cgroup", "status"]) func `one that cannot be judged is not believed`(file: String) throws {
    for read in [FileRead.failed(13), .tooLong, .absent, .bytes([])] {
      node.addMonitor(9, "conmon", cgroup: "", arguments: arguments)
      node.files["/proc/9/\(file)"] = read
      // An empty cgroup file names no workload.
      let isBelieved = file == "cgroup" && read == .bytes([])
      #expect(try names(pod) == (isBelieved ? named : .unknown), "\(read)")
    }
  }

  @Test func `a shim of another user leads to no files`() throws {
    let shim = ["/x/containerd-shim-runc-v2", "-address", "/srv/c/containerd.sock"]
    node.directories["/srv/c/io.containerd.runtime.v2.task"] = .names(["k8s.io"])
    node.write(
      "/srv/c/io.containerd.runtime.v2.task/k8s.io/\(Self.id)/config.json",
      """
      {"annotations":{"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":"main",
      "io.kubernetes.cri.sandbox-name":"train-0","io.kubernetes.cri.sandbox-namespace":"ml"}}
      """)
    let container = "kubepods/pod\(Self.uid)/\(Self.id)"
    node.addMonitor(9, "containerd-shim", cgroup: "system.slice/k.service", arguments: shim)
    #expect(try names(container) == named)
    for (cgroup, uid) in [("system.slice/k.service", 1000), ("lxc.payload.tenant", 0), ("docker/\(Self.other)", 0)]
    {
      node.addMonitor(9, "containerd-shim", cgroup: cgroup, uid: uid, arguments: shim)
      #expect(try names(container) == .unknown, "\(cgroup)")
    }
  }

  @Test func `a user's conmon names that user's containers`() throws {
    let scope = "\(Self.manager)/user.slice/libpod-conmon-\(Self.id).scope"
    node.addMonitor(9, "conmon", cgroup: scope, uid: 1000, arguments: plain)
    #expect(try names("\(Self.manager)/user.slice/libpod-\(Self.id).scope/container") == .plain("web"))
    #expect(try names("user.slice/user-1000.slice/user@1000.service/libpod-\(Self.id).scope") == .plain("web"))
    let another = "user.slice/user-1001.slice/user@1001.service/user.slice/libpod-\(Self.id).scope"
    for cgroup in [another, "machine.slice/libpod-\(Self.id).scope", "libpod_parent/libpod-\(Self.id)", pod] {
      #expect(try names(cgroup) == .unknown, "\(cgroup)")
    }
  }

  @Test(
    arguments: [
      ("\(manager)/app.slice/a.service", 1000), ("\(manager)/user.slice/podman-9.scope", 1000),
      ("user.slice/user-1000.slice/session-2.scope", 1000), ("\(manager)/libpod-conmon-\(id).scope", 0),
      ("\(manager)/libpod-conmon-\(id).scope", 1001), ("\(manager)/libpod-\(other).scope", 1000),
    ] as [(String, Int)])
  func `a user's process elsewhere is no conmon, nor is another user's there`(cgroup: String, uid: Int) throws {
    node.addMonitor(9, "conmon", cgroup: cgroup, uid: uid, arguments: plain)
    #expect(try names("\(Self.manager)/user.slice/libpod-\(Self.id).scope") == .unknown && !isCommandLineRead)
  }

  @Test func `root's conmon names no container of a user`() throws {
    node.addMonitor(9, "conmon", cgroup: "machine.slice/libpod-conmon-\(Self.id).scope", arguments: plain)
    #expect(try names("machine.slice/libpod-\(Self.id).scope") == .plain("web"))
    #expect(try names("\(Self.manager)/user.slice/libpod-\(Self.id).scope") == .unknown)
  }
}
