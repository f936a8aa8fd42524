import Testing

@testable import GPUSessions

/// Pods within a container of Docker, which is a node of Kubernetes if Docker's own file says so.
@Suite struct InnerPodTests {
  private let node = FakeNode()
  private let id = String(repeating: "0123456789abcdef", count: 4)
  private let inner = String(repeating: "f", count: 64)
  private let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  private var dockerPath: String { "/var/lib/docker/containers/\(id)/config.v2.json" }
  private var below: String { "kubelet/kubepods/pod\(uid)/\(inner)" }

  private func identity(_ path: String) -> CgroupIdentity { cgroupIdentity(octets("0::/\(path)\n")) }

  private func withInnerPod(_ identity: CgroupIdentity) -> CgroupIdentity {
    var names = PodNameResolver(procFS: ProcFS(host: node.host, root: "/proc"), options: Options())
    return names.withInnerPod(identity)
  }

  private func config(_ labels: String) -> String { "{\"Name\":\"/node\",\"Config\":{\"Labels\":\(labels)}}" }

  @Test(arguments: [
    #""io.x-k8s.kind.role":"control-plane""#, #""io.x-k8s.kind.role":"worker""#, #""k3d.role":"agent""#,
    #""a":"b","role.minikube.sigs.k8s.io":"""#,
  ])
  func `labels of kind, k3d and minikube make a container a node`(label: String) {
    node.files[dockerPath] = config("{\(label)}")
    for root in ["docker/\(id)", "system.slice/docker-\(id).scope"] {
      let found = withInnerPod(identity("\(root)/\(below)"))
      #expect(found.podUID?.text == uid && found.containerID == inner && found.inner == nil)
    }
  }

  @Test func `without such a label, or without the file, it is a container`() {
    let told = identity("docker/\(id)/\(below)")
    #expect(told.inner != nil && withInnerPod(told) == told)
    for labels in ["{}", "null", #"{"k3d.roles":"a","kind.role":"b"}"#, #"{"k3d.role":1}"#, "[]"] {
      node.files[dockerPath] = config(labels)
      #expect(withInnerPod(told) == told, "\(labels)")
    }
  }

  @Test func `only Docker's file is asked, and not for a user's own container`() throws {
    node.files[dockerPath] = config(#"{"k3d.role":"agent"}"#)
    var runtimes = RuntimeMetadata(node: ProcFS(host: node.host, root: "/proc"), options: Options())
    for path in [
      "machine.slice/libpod-\(id).scope/container", "system.slice/crio-\(id).scope",
      "user.slice/user-1000.slice/user@1000.service/docker-\(id).scope",
      "user.slice/user-1000.slice/docker-\(id).scope",
    ] {
      let told = identity("\(path)/\(below)")
      #expect(told.containerID == id && !runtimes.isKubernetesNode(told), "\(path)")
      #expect(withInnerPod(told) == told, "\(path)")
    }
    #expect(node.reads[dockerPath] == nil)
    #expect(runtimes.isKubernetesNode(identity("docker/\(id)")) && !runtimes.isKubernetesNode(CgroupIdentity()))
  }

  @Test func `the file is read for an inner pod only`() {
    node.files[dockerPath] = config(#"{"k3d.role":"agent"}"#)
    let told = identity("docker/\(id)/system.slice/a.service")
    #expect(withInnerPod(told) == told && node.reads[dockerPath] == nil)
  }

  @Test func `a whole run names the pod of a node, and the container of anything else`() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    let container = FakeHost.containerID
    node.addProcess(100, cgroup: "0::/docker/\(id)/kubepods/pod\(FakeHost.podUID)/\(container)\n")
    node.write(dockerPath, config("{}"))
    let plain = FakeRun(node).file.rows("gpu_process_info").first ?? ""
    #expect(plain.contains("pod=\"\",namespace=\"\",container=\"node\"") && !plain.contains("pod_uid"))
    node.write(dockerPath, config(#"{"io.x-k8s.kind.role":"worker"}"#))
    let named = FakeHost.named(gpu: "0", pid: 100, uuid: FakeGPU(index: 0).uuid)
    #expect(FakeRun(node).file.rows("gpu_process_info") == [named])
  }
}
