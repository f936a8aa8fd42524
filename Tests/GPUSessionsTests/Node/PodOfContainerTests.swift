import Testing

@testable import GPUSessions

/// Processes whose pod their own cgroup does not show.
@Suite struct PodOfContainerTests {
  private let id = FakeHost.containerID
  private let other = String(repeating: "b2", count: 32)
  private let process = FakeProcess(pid: 100)
  private let mine = "pod=\"sweep-0\",namespace=\"team-a\",container=\"main\""

  /// One process in this cgroup, on a node whose logs name the container.
  private func node(_ cgroup: String) -> FakeHost {
    let node = FakeHost.node([process])
    node.addProcess(100, cgroup: "0::\(cgroup)\n")
    return node
  }

  private func row(_ node: FakeHost) -> String { FakeRun(node).file.rows("gpu_process_info").joined() }

  private func bundle(_ uid: String = FakeHost.podUID, name: String = "sweep-0") -> String {
    let key = "io.kubernetes.cri"
    return """
      {"annotations":{"\(key).container-type":"container","\(key).container-name":"main","\(key).sandbox-name":"\(name)",
      "\(key).sandbox-namespace":"team-a","\(key).sandbox-uid":"\(uid)"}}
      """
  }

  private func addBundle(_ node: FakeHost, _ text: String, namespace: String = "k8s.io") {
    let tasks = "/run/containerd/io.containerd.runtime.v2.task"
    node.directories[tasks] = .names([namespace])
    node.write("\(tasks)/\(namespace)/\(id)/config.json", text)
  }

  @Test func `a link proves the pod by the container's ID`() {
    for cgroup in ["/\(id)", "/k8s.io/\(id)", "/system.slice/cri-containerd-\(id).scope"] {
      let node = node(cgroup)
      node.directories["/sys/fs/cgroup"] = .names(["cgroup.controllers", "system.slice"])
      #expect(row(node).contains(mine) && row(node).contains("pod_uid=\"\(FakeHost.podUID)\""))
      #expect(FakeRun(node).file.problems("container_name_unknown") == "0")
    }
  }

  @Test func `a bundle proves it before the link, in the namespace of Kubernetes alone`() {
    let node = node("/\(id)")
    addBundle(node, bundle(name: "other-0"))
    #expect(row(node).contains("pod=\"other-0\""))
    addBundle(node, bundle(name: "forged-0"), namespace: "default")
    #expect(row(node).contains(mine))
  }

  @Test(arguments: [
    "/user.slice/user-5.slice/user@5.service/ID", "/lxc.payload.x/ID", "/machine.slice/machine-x.scope/ID",
  ])
  func `below a user's slice and in a machine nothing proves it`(_ cgroup: String) {
    #expect(row(node(cgroup.replacing("ID", with: id))).contains("pod=\"\""))
  }

  @Test func `Docker's own container is none of a pod`() {
    let node = node("/docker/\(id)")
    node.write("/var/lib/docker/containers/\(id)/config.v2.json", "{\"Name\":\"/plain\"}")
    #expect(row(node).contains("pod=\"\",namespace=\"\",container=\"plain\""))
  }

  private func labelled(_ uid: String = FakeHost.podUID, pod: String = "sweep-0", container: String = "main")
    -> String
  {
    let key = "io.kubernetes"
    return """
      {"Name":"/k8s_x","Config":{"Labels":{"\(key).pod.uid":"\(uid)","\(key).pod.name":"\(pod)",
      "\(key).pod.namespace":"team-a","\(key).container.name":"\(container)"}}}
      """
  }

  @Test func `Docker's labels and a link prove the pod if they say the same`() {
    let config = "/var/lib/docker/containers/\(id)/config.v2.json"
    for cgroup in ["/docker/\(id)", "/system.slice/docker-\(id).scope", "/\(id)"] {
      let node = node(cgroup)
      node.write(config, labelled())
      #expect(row(node).contains(mine))
      for other in [labelled(other), labelled(pod: "sweep-1"), labelled(container: "side")] {
        node.write(config, other)
        #expect(row(node).contains("pod=\"\",namespace=\"\",container=\"k8s_x\""))
      }
      node.write(config, labelled())
      node.directories["/var/log/containers"] = .names([])
      #expect(row(node).contains("pod=\"\",namespace=\"\",container=\"k8s_x\""))
    }
    let inTree = node("/docker/\(id)")
    inTree.write(config, labelled())
    inTree.directories["/sys/fs/cgroup"] = .names(["cgroup.controllers", "kubepods.slice"])
    inTree.directories["/sys/fs/cgroup/kubepods.slice"] = .names([])
    #expect(row(inTree).contains("pod=\"\",namespace=\"\",container=\"k8s_x\""))
  }

  @Test func `CRI-O's conmon of root names the pod of the container that it has on its command line`() {
    let name = "k8s_app_b-0_ml_\(FakeHost.podUID)_0"
    func node(_ cgroup: String, id: String, uid: Int = 0) -> FakeHost {
      let node = self.node(cgroup.replacing("ID", with: other))
      node.addMonitor(
        90, "conmon", cgroup: "system.slice/crio-conmon-\(other).scope", uid: uid,
        arguments: ["/usr/bin/conmon", "-c", id, "-n", name])
      node.write("/proc/100/stat", "100 (comm) S 90 100 100 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 5000 1000 2\n")
      return node
    }
    for cgroup in ["/crio-ID", "/system.slice/crio-ID.scope"] {
      #expect(row(node(cgroup, id: other)).contains("pod=\"b-0\",namespace=\"ml\",container=\"app\""))
      #expect(row(node(cgroup, id: id)).contains("pod=\"\""))
      #expect(row(node(cgroup, id: other, uid: 1000)).contains("pod=\"\""))
    }
    #expect(row(node("/machine.slice/libpod-ID.scope", id: other)).contains("pod=\"\""))
  }

  @Test func `where pods have cgroups, and of Docker's and podman's containers, a link proves nothing`() {
    let inTree = node("/\(id)")
    inTree.directories["/sys/fs/cgroup"] = .names(["cgroup.controllers", "kubepods.slice"])
    inTree.directories["/sys/fs/cgroup/kubepods.slice"] = .names([])
    #expect(row(inTree).contains("pod=\"\""))
    for cgroup in ["/system.slice/docker-\(id).scope", "/docker/\(id)", "/machine.slice/libpod-\(id).scope"] {
      #expect(row(node(cgroup)).contains("pod=\"\""))
    }
  }

  @Test func `links that contradict each other prove nothing`() {
    let node = node("/\(id)")
    let second = "thief_team-b_main-\(id).log"
    node.directories["/var/log/containers"] = .names(["sweep-0_team-a_main-\(id).log", second])
    node.links["/var/log/containers/\(second)"] = "/var/log/pods/team-b_thief_\(FakeHost.podUID)/main/0.log"
    let run = FakeRun(node)
    #expect(run.file.rows("gpu_process_info").joined().contains("pod=\"\""))
    #expect(run.file.problems("container_name_unknown") == "1")
    #expect(run.file.problems("attribution_conflict") == "1")
  }

  // MARK: Ancestors

  private func addAncestor(_ node: FakeHost, _ pid: Int32, start: UInt64 = 10) {
    node.addProcess(pid, start: start)
    let stat = "100 (comm) S \(pid) 100 100 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 5000 1000 2\n"
    node.write("/proc/100/stat", stat)
  }

  @Test func `a container that a runtime in a pod put beside the pod is the pod's`() {
    let node = node("/docker/\(other)")
    addAncestor(node, 90)
    #expect(row(node).contains(mine))
    addAncestor(node, 90, start: 6_000)
    #expect(row(node).contains("pod=\"\""), "a parent that started later is another process")
  }

  @Test func `a container that the host's runtime knows is its own`() {
    let node = node("/docker/\(other)")
    addAncestor(node, 90)
    node.write("/var/lib/docker/containers/\(other)/config.v2.json", "{\"Name\":\"/plain\"}")
    #expect(row(node).contains("pod=\"\",namespace=\"\",container=\"plain\""))
  }

  // MARK: What is counted

  @Test(arguments: [
    "/docker/ID", "/kubepods/podf64551fc-d6f0-7823-cb87-971cfb914464/ID", "/system.slice/docker-x.scope",
  ])
  func `a session in a container without a name is counted`(_ cgroup: String) {
    let run = FakeRun(node(cgroup.replacing("ID", with: other)))
    #expect(run.file.problems("container_name_unknown") == "1")
  }

  @Test(arguments: ["/", "/system.slice/a.service", "/lxc.payload.x/a.service"])
  func `outside of containers, and in one with a name, nothing is counted`(_ cgroup: String) {
    #expect(FakeRun(node(cgroup)).file.problems("container_name_unknown") == "0")
  }

  @Test(arguments: [false, true]) func `a PID namespace of its own is a container`(hasConmon: Bool) {
    let node = node("/")
    addAncestor(node, 90)
    node.write("/proc/90/stat", "90 (conmon) S 1 90 90 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 10 1000 2\n")
    node.write("/proc/90/cgroup", "0::/\n")
    node.write("/proc/90/status", "Uid:\t0\t0\t0\t0\n")
    if hasConmon { node.write("/proc/90/cmdline", "/usr/bin/conmon\0-c\0\(other)\0-n\0web\0") }
    node.write("/proc/100/status", "Uid:\t0\t0\t0\t0\nNSpid:\t100\t1\n")
    let run = FakeRun(node)
    let container = hasConmon ? "web" : ""
    #expect(run.file.rows("gpu_process_info").joined().contains("container=\"\(container)\""))
    #expect(run.file.problems("container_name_unknown") == (hasConmon ? "0" : "1"))
  }
}
