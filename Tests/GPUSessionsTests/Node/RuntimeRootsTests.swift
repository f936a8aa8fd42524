import Testing

@testable import GPUSessions

/// Names of containers whose runtime keeps its files elsewhere than usual.
@Suite struct RuntimeRootsTests {
  private let id = FakeHost.containerID
  private var cgroup: String { "/system.slice/docker-\(id).scope" }
  private let config = "{\"Name\":\"/vllm\",\"Config\":{\"Labels\":{}}}"

  private func lookup(_ node: FakeNode, cgroup: String? = nil, onGPUs: [Int32] = []) -> RuntimeLookup {
    var names = RuntimeMetadata(
      node: ProcFS(host: node.host, root: "/proc"), options: Options(), onGPUs: onGPUs)
    let identity = cgroupIdentity(Array("0::\(cgroup ?? self.cgroup)\n".utf8))
    let found = names.namesInFiles(for: identity)
    return found == .unknown ? names.namesElsewhere(for: identity) : found
  }

  @Test(arguments: [
    ("/etc/docker/daemon.json", "{\"data-root\":\"/mnt/docker/\"}"),
    ("/etc/docker/daemon.json", "{\"graph\":\"/mnt/docker\"}"),
    ("/var/snap/docker/current/config/daemon.json", "{\"data-root\":\"/mnt/docker\"}"),
  ])
  func `Docker's configuration tells its data root`(_ path: String, _ text: String) {
    let node = FakeNode()
    node.files[path] = text
    node.files["/mnt/docker/containers/\(id)/config.v2.json"] = config
    // What an earlier data root left is not believed.
    node.files["/var/lib/docker/containers/\(id)/config.v2.json"] = config.replacing("vllm", with: "old")
    #expect(lookup(node) == .plain("vllm"))
  }

  @Test(arguments: [
    "{\"data-root\":\"mnt/docker\"}", "{\"data-root\":\"/mnt/../docker\"}", "{\"data-root\":7}", "{", "",
  ])
  func `a configuration that names no directory leads to the usual place`(_ text: String) {
    let node = FakeNode()
    node.files["/etc/docker/daemon.json"] = text
    node.files["/var/lib/docker/containers/\(id)/config.v2.json"] = config
    #expect(lookup(node) == .plain("vllm"))
  }

  @Test(arguments: ["/var/lib/docker", "/var/snap/docker/common/var-lib-docker"])
  func `user namespaces have directories of their own`(_ root: String) {
    let node = FakeNode()
    node.files["\(root)/231072.231072/containers/\(id)/config.v2.json"] = config
    node.files["\(root)/overlay2.x/containers/\(id)/config.v2.json"] = config.replacing("vllm", with: "no")
    #expect(lookup(node) == .plain("vllm"))
  }

  @Test(arguments: [
    ["--data-root", "/srv/docker"], ["--data-root=/srv/docker"], ["-g", "/srv/docker"], ["--graph=/srv/docker"],
    ["-g=/srv/docker"], ["-g/srv/docker/"],
  ])
  func `the command line of a running dockerd tells its data root`(_ arguments: [String]) {
    let node = FakeNode()
    node.add(812, "dockerd", parent: 1, cgroup: "/system.slice/docker.service", arguments: ["dockerd"] + arguments)
    node.files["/srv/docker/containers/\(id)/config.v2.json"] = config
    #expect(lookup(node) == .plain("vllm"))
    #expect(lookup(node, onGPUs: [812]) == .unknown && node.reads["/proc/812/cmdline"] == 1)
  }

  @Test(arguments: ["/media/lab/My Passport", "/mnt/données"])
  func `a path may have blanks, and letters of any script`(_ root: String) {
    let node = FakeNode()
    node.add(
      812, "dockerd-current", parent: 1, cgroup: "/system.slice/docker.service",
      arguments: ["dockerd-current", "--data-root", root])
    node.files["\(root)/containers/\(id)/config.v2.json"] = config
    #expect(lookup(node) == .plain("vllm"))
    #expect(lookup(node, cgroup: "/gpujobs/\(id)") == .plain("vllm"))
  }

  @Test func `no path has controls, parents or bytes that are no UTF-8`() {
    for path in ["/a\u{1B}b", "/a/../b", "/./a", "a/b", "/", "", "/a\u{7F}"] {
      #expect(absolutePath(octets(path)[...]) == nil)
    }
    #expect(absolutePath([0x2F, 0xFF]) == nil)
    #expect(absolutePath(octets("/a b//c/")[...]) == "/a b/c")
  }

  @Test func `the configuration file that dockerd names is read`() {
    let node = FakeNode()
    node.add(
      812, "dockerd", parent: 1, cgroup: "/system.slice/docker.service",
      arguments: ["dockerd", "--config-file=/srv/d.json"])
    node.files["/srv/d.json"] = "{\"data-root\":\"/srv/docker\"}"
    node.files["/srv/docker/containers/\(id)/config.v2.json"] = config
    #expect(lookup(node) == .plain("vllm"))
  }

  @Test(
    arguments: [
      ("/system.slice/docker-\(String(repeating: "c3", count: 32)).scope", 0), ("/lxc.payload.x/docker.service", 0),
      ("/kubepods/pod\(FakeHost.podUID)/x", 0), ("/user.slice/user-1000.slice/session-3.scope", 0),
      ("/system.slice/docker.service", 1000), ("/slurm/uid_0/job_1", 0),
    ] as [(String, UInt32)])
  func `a workload or a user that calls itself dockerd is none`(_ cgroup: String, _ uid: UInt32) {
    let node = FakeNode()
    node.add(
      812, "dockerd", parent: 1, cgroup: cgroup, uid: uid, arguments: ["dockerd", "--data-root=/srv/docker"])
    node.files["/srv/docker/containers/\(id)/config.v2.json"] = config
    #expect(lookup(node) == .unknown && node.reads["/proc/812/cmdline"] == nil)
  }

  @Test func `a container without a cgroup of its own is no daemon`() {
    let node = FakeNode()
    node.add(812, "dockerd", parent: 1, cgroup: "/", arguments: ["dockerd", "--data-root=/srv/docker"])
    node.files["/srv/docker/containers/\(id)/config.v2.json"] = config
    #expect(lookup(node) == .plain("vllm"))
    node.files["/proc/812/status"] = "Uid:\t0\t0\t0\t0\nNSpid:\t812\t1\n"
    #expect(lookup(node) == .unknown)
  }

  @Test(arguments: ["/etc/crio/crio.conf", "/etc/crio/crio.conf.d/10-root.conf"])
  func `CRI-O's storage is found where its configuration puts it`(file: String) {
    let node = FakeNode()
    node.files[file] = "[crio]\nroot = \"/srv/storage\"\n"
    node.files["/etc/crio/crio.conf.d/20-root"] = "[crio]\nroot = \"/no\"\n"
    node.files["/srv/storage/overlay-containers/\(id)/userdata/config.json"] = """
      {"annotations":{"io.kubernetes.pod.uid":"\(FakeHost.podUID)","io.kubernetes.pod.name":"a",
      "io.kubernetes.pod.namespace":"ml","io.kubernetes.container.name":"main"}}
      """
    let cgroup = "/kubepods/pod\(FakeHost.podUID)/crio-\(id).scope"
    #expect(lookup(node, cgroup: cgroup) == .pod(PodName(namespace: "ml", name: "a"), container: "main"))
  }

  // MARK: podman

  private var podman: String { "/machine.slice/libpod-\(id).scope" }

  @Test func `podman's list names a container whose conmon has died`() {
    let node = FakeNode()
    let path = "/var/lib/containers/storage/overlay-containers/containers.json"
    node.files[path] =
      "[{\"id\":\"\(id)\",\"names\":[\"web\",\"alias\"]},{\"id\":\"x\",\"names\":null},{\"id\":\"y\",\"names\":[]}]"
    #expect(lookup(node, cgroup: podman) == .plain("web"))
    #expect(lookup(node, cgroup: "/user.slice/user-5.slice" + podman) == .unknown)
    node.files[path] = "[{\"id\":\"\(id)\",\"names\":[7]}]"
    #expect(lookup(node, cgroup: podman) == .unknown)
  }

  @Test(arguments: ["overlay", "btrfs", "zfs"])
  func `podman's list of containers made with --rm names one too, whatever the driver is`(driver: String) {
    let node = FakeNode()
    let directory = "/var/lib/containers/storage/\(driver)-containers"
    node.files["\(directory)/volatile-containers.json"] = "[{\"id\":\"\(id)\",\"names\":[\"web\"]}]"
    #expect(lookup(node, cgroup: podman) == .plain("web"))
    node.files["\(directory)/containers.json"] = "[{\"id\":\"\(id)\",\"names\":[\"kept\"]}]"
    #expect(lookup(node, cgroup: podman) == .plain("kept"))
  }

  @Test(arguments: ["/etc", "/usr/share"])
  func `storage that is configured elsewhere is found`(directory: String) {
    let node = FakeNode()
    node.files["\(directory)/containers/storage.conf"] =
      "[storage]\n# graphroot = \"/no\"\ngraphroot = \"/data/storage\" # moved\n"
    node.files["/data/storage/overlay-containers/containers.json"] = "[{\"id\":\"\(id)\",\"names\":[\"web\"]}]"
    #expect(lookup(node, cgroup: podman) == .plain("web"))
  }

  @Test func `the pod of podman's cgroupfs manager is no container`() {
    let pod = String(repeating: "e5", count: 32)
    let identity = cgroupIdentity(octets("0::/libpod_parent/\(pod)/libpod-\(id)\n"))
    #expect(identity.containerID == id && identity.runtime == .podman)
    #expect(cgroupIdentity(octets("0::/libpod_parent/\(pod)/conmon\n")).containerID == nil)
  }

  @Test(arguments: [
    ("podman-1350.scope", false), ("podman-x.scope", true), ("run-u12.scope", false), ("run-r0a1b2c.scope", false),
    ("run-p77-i78.scope", false), ("run-u12.service", true), ("runner.scope", true), ("run-dmc.scope", true),
  ])
  func `a scope with a new name each time is no unit`(_ name: String, _ isUnit: Bool) {
    #expect(cgroupIdentity(octets("0::/system.slice/\(name)\n")).unitLabel == (isUnit ? name : nil))
    let path = "0::/user.slice/user-5.slice/user@5.service/user.slice/\(name)\n"
    #expect(cgroupIdentity(octets(path)).unitLabel == (isUnit ? name : nil))
  }

  // MARK: containerd

  @Test func `containerd's state is looked for elsewhere only if no usual place is there`() {
    let key = "io.kubernetes.cri"
    let bundle = """
      {"annotations":{"\(key).container-type":"container","\(key).container-name":"main","\(key).sandbox-name":"a",
      "\(key).sandbox-namespace":"ml","\(key).sandbox-uid":"\(FakeHost.podUID)"}}
      """
    let node = FakeNode()
    node.files["/etc/containerd/config.toml"] = "version = 2\nstate = '/data/run/containerd'\n"
    node.files["/data/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/config.json"] = bundle
    let cgroup = "/kubepods/pod\(FakeHost.podUID)/\(id)"
    #expect(lookup(node, cgroup: cgroup) == .pod(PodName(namespace: "ml", name: "a"), container: "main"))
    // Docker's containerd has its own tasks in the usual place.
    node.files["/run/containerd/io.containerd.runtime.v2.task/moby/other/config.json"] = "{}"
    #expect(lookup(node, cgroup: cgroup) == .pod(PodName(namespace: "ml", name: "a"), container: "main"))
    node.files["/run/containerd/io.containerd.runtime.v2.task/k8s.io/other/config.json"] = bundle
    #expect(lookup(node, cgroup: cgroup) == .unknown)
  }
}
