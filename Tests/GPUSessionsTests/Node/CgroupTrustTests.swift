import GPUSessions
import Testing

/// What a cgroup path may say, by who can have made each part of it.
@Suite struct CgroupTrustTests {
  static let id = CgroupFileTests.id
  static let otherID = CgroupFileTests.otherID
  static let uid = CgroupFileTests.uid
  static let otherUID = "eab5a334-93fe-48a8-b139-9e8079c1f163"
  static let pods = ["kubepods/pod\(uid)/\(otherID)", "\(CgroupFileTests.slice)/cri-containerd-\(otherID).scope"]
  static let user = "user.slice/user-1000.slice"
  static let manager = "\(user)/user@1000.service"

  private func identity(_ path: String) -> CgroupIdentity { cgroupIdentity(octets("0::/\(path)\n")) }

  @Test(
    arguments: [
      ("docker/\(id)/docker/\(otherID)", .docker), ("system.slice/docker-\(id).scope/docker/\(otherID)", .docker),
      ("docker/\(id)/system.slice/crio-\(otherID).scope", .docker),
      ("machine.slice/libpod-\(id).scope/container/docker/\(otherID)", .podman),
      ("machine.slice/libpod-\(id).scope/system.slice/docker-\(otherID).scope", .podman),
    ] as [(String, CgroupIdentity.Runtime)])
  func `of nested containers the outermost counts`(path: String, runtime: CgroupIdentity.Runtime) {
    var expected = CgroupIdentity()
    (expected.containerID, expected.runtime) = (Self.id, runtime)
    #expect(identity(path) == expected)
  }

  @Test(arguments: ["lxc.payload.tenant", "lxc.payload/tenant", "lxc/tenant", "system.slice/lxc/tenant"])
  func `below a container of LXC there is no pod, container or job`(root: String) {
    var expected = CgroupIdentity()
    (expected.lxc, expected.runtime) = ("tenant", .lxc)
    for below in Self.pods + ["docker/\(Self.id)", "slurm/uid_1/job_31/step_0/user", "lxc.payload.inner", "ecs/a"] {
      #expect(identity("\(root)/\(below)") == expected, "\(below)")
    }
  }

  @Test(
    arguments: [
      ("systemd-nspawn@tenant.service/payload", .nspawn), ("machine-tenant.scope/payload", .nspawn),
      ("machine-lxc\\x2d3\\x2dtenant.scope", .libvirtLXC), ("machine-qemu\\x2d3\\x2dtenant.scope/libvirt", nil),
    ] as [(String, CgroupIdentity.Runtime?)])
  func `below a machine there is no pod, container or job`(root: String, runtime: CgroupIdentity.Runtime?) {
    var expected = CgroupIdentity()
    (expected.machine, expected.runtime) = ("tenant", runtime)
    for below in Self.pods + ["docker/\(Self.id)", "slurm/uid_1/job_31/step_0/user", "lxc.payload.inner"] {
      #expect(identity("machine.slice/\(root)/\(below)") == expected, "\(below)")
    }
  }

  @Test(arguments: [
    "docker/\(id)", "system.slice/docker-\(id).scope", "machine.slice/libpod-\(id).scope/container",
  ])
  func `a pod below a container is an inner one`(root: String) throws {
    for below in Self.pods {
      let found = identity("\(root)/\(below)")
      #expect(found.podUID == nil && found.containerID == Self.id && !found.isRootless, "\(below)")
      let inner = try #require(found.inner)
      #expect(inner.podUID.text == Self.uid && inner.containerID == Self.otherID)
      let process = try #require(found.ofInnerPod)
      #expect(process.podUID == inner.podUID && process.containerID == Self.otherID && process.inner == nil)
      #expect(process.runtime == (below.contains("cri-containerd") ? .containerd : nil))
    }
    let process = identity("\(root)/kubepods/pod\(Self.uid)")
    #expect(process.inner?.podUID.text == Self.uid && process.inner?.containerID == nil)
    #expect(identity(root).inner == nil && identity(root).ofInnerPod == nil)
  }

  @Test func `below a pod nothing is inner, and its first container counts`() {
    let pod = "kubepods/pod\(Self.uid)"
    let found = identity("\(pod)/\(Self.id)/kubepods/pod\(Self.otherUID)/\(Self.otherID)")
    #expect(found.podUID?.text == Self.uid && found.containerID == Self.id && found.inner == nil)
    for below in ["lxc.payload.tenant", "machine.slice/machine-a.scope/payload", "slurm/uid_1/job_31/step_0"] {
      let found = identity("\(pod)/\(Self.id)/\(below)")
      #expect(found.podUID?.text == Self.uid && found.lxc == nil && found.machine == nil && !found.hasBatchJob)
    }
  }

  @Test(arguments: [user, "\(user)/session-3.scope", manager, "\(manager)/app.slice", "user@1000.service"])
  func `below a user's slice there is no pod, job, machine or container of root`(root: String) {
    for below in Self.pods {
      let found = identity("\(root)/\(below)")
      #expect(found.podUID == nil && found.inner == nil && found.uid == 1000, "\(below)")
      #expect(found.containerID == Self.otherID && found.isRootless, "\(below)")
    }
    for below in [
      "lxc.payload.a", "machine-a.scope/payload", "slurm/uid_1/job_31/step_0", "ecs/\(Self.id.prefix(32))",
    ] {
      let found = identity("\(root)/\(below)")
      #expect(found.lxc == nil && found.machine == nil && !found.hasBatchJob && found.uid == 1000, "\(below)")
    }
    let nested = identity("\(root)/docker-\(Self.id).scope/\(Self.pods[0])")
    #expect(nested.containerID == Self.id && nested.isRootless && nested.inner == nil)
  }

  @Test func `a user's slice below a container of the host changes nothing`() {
    let found = identity("docker/\(Self.id)/\(Self.manager)/docker-\(Self.otherID).scope")
    #expect(found.containerID == Self.id && !found.isRootless && found.uid == nil)
  }

  @Test func `what pam_cgfs makes is the user's from the name on`() {
    for below in Self.pods {
      let found = identity("user/ada/0/\(below)")
      #expect(found.podUID == nil && found.containerID == Self.otherID && found.isRootless && found.uid == nil)
    }
    for below in ["lxc.payload.a", "lxc/a", "slurm/uid_1/job_31/step_0"] {
      let found = identity("user/ada/\(below)")
      #expect(found.lxc == nil && !found.hasBatchJob, "\(below)")
    }
    #expect(identity("user") == CgroupIdentity() && identity("user/ada") == CgroupIdentity())
    #expect(!identity("a/user/ada/docker/\(Self.id)").isRootless)
  }

  @Test func `two lines with different inner pods are a conflict`() {
    func found(_ first: String, _ second: String) -> CgroupIdentity {
      cgroupIdentity(octets("3:cpu:/\(first)\n2:memory:/\(second)\n"))
    }
    func inner(_ uid: String) -> String { "docker/\(Self.id)/kubepods/pod\(uid)/\(Self.otherID)" }
    var expected = CgroupIdentity()
    expected.isConflicting = true
    #expect(found(inner(Self.uid), inner(Self.otherUID)) == expected)
    #expect(found(inner(Self.uid), "kubepods/pod\(Self.otherUID)/\(Self.id)") == expected)
    #expect(found(inner(Self.uid), inner(Self.uid)).inner?.podUID.text == Self.uid)
  }
}

/// The cgroups of a node that is itself a container.
@Suite struct NodeCgroupTests {
  private let id = CgroupFileTests.id
  private let otherID = CgroupFileTests.otherID
  private let uid = CgroupFileTests.uid

  private func identity(_ file: String, in first: String) -> CgroupIdentity {
    cgroupIdentity(octets(file), in: NodeCgroup(octets(first)))
  }

  @Test func `paths of the node begin below its container`() {
    for root in [
      "docker/\(id)", "system.slice/docker-\(id).scope", "lxc.payload.node", "lxc/node", "kubepods/pod\(uid)/\(id)",
    ] {
      let first = "0::/\(root)/init.scope\n"
      let pod = identity("0::/\(root)/kubepods/pod\(uid)/\(otherID)\n", in: first)
      #expect(
        pod.podUID?.text == uid && pod.containerID == otherID && pod.inner == nil && pod.lxc == nil, "\(root)")
      let service = identity("0::/\(root)/system.slice/kubelet.service\n", in: first)
      #expect(service.unit == "kubelet.service" && service.containerID == nil && service.podUID == nil, "\(root)")
      let job = identity("0::/\(root)/slurm/uid_1/job_31/step_0/user\n", in: first)
      #expect(job.slurmJobID == "31" && !job.isContained, "\(root)")
    }
  }

  @Test func `another container's path stays whole`() {
    let first = "0::/docker/\(id)/init.scope\n"
    let path = "docker/\(otherID)/kubepods/pod\(uid)/\(id)"
    let found = identity("0::/\(path)\n", in: first)
    #expect(found == cgroupIdentity(octets("0::/\(path)\n")))
    #expect(found.containerID == otherID && found.podUID == nil && found.inner?.podUID.text == uid)
    #expect(identity("0::/lxc.payload.node2/kubepods/pod\(uid)\n", in: "0::/lxc.payload.node\n").lxc == "node2")
  }

  @Test func `each hierarchy has its own root`() {
    let first = "3:cpu:/docker/\(id)\n1:name=systemd:/docker/\(id)/init.scope\n2:pids:/lxc/node\n0::/\n"
    let below = "/kubepods/pod\(uid)/\(otherID)\n"
    for root in ["3:cpu:/docker/\(id)", "1:name=systemd:/docker/\(id)", "2:pids:/lxc/node", "0::"] {
      let found = identity(root + below, in: first)
      #expect(found.podUID?.text == uid && found.containerID == otherID, "\(root)")
    }
  }

  @Test(arguments: ["", "0::/init.scope\n", "0::/\n", "0::/system.slice/a.service\n", "no colons"])
  func `a node that is no container has no root`(first: String) {
    let found = identity("0::/docker/\(id)/kubepods/pod\(uid)\n", in: first)
    #expect(found.containerID == id && found.podUID == nil && found.inner != nil)
  }
}
