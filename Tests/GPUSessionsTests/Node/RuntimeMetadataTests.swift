import GPUSessions
import Testing

@Suite struct RuntimeMetadataTests {
  private let node = FakeNode()
  private let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  private let otherUID = "eab5a334-93fe-48a8-b139-9e8079c1f163"
  private let id = String(repeating: "0123456789abcdef", count: 4)
  private var pod: String { "/kubepods/burstable/pod\(uid)/" }
  private let named = RuntimeLookup.pod(PodName(namespace: "ml", name: "train-0"), container: "main")

  private func bundlePath(_ state: String = "/run/containerd", _ namespace: String = "k8s.io") -> String {
    "\(state)/io.containerd.runtime.v2.task/\(namespace)/\(id)/config.json"
  }

  private var criOPath: String { "/run/containers/storage/overlay-containers/\(id)/userdata/config.json" }
  private var dockerPath: String { "/var/lib/docker/containers/\(id)/config.v2.json" }

  private func containerd(
    uid: String?, pod: String = "train-0", container: String = "main", type: String = "container",
    path: String = "", more: String = ""
  ) -> String {
    let key = "io.kubernetes.cri"
    let uidKey = uid.map { ",\"\(key).sandbox-uid\":\"\($0)\"" } ?? ""
    return """
      {"process":{"env":["TOKEN=hunter2"]},"annotations":{"\(key).container-type":"\(type)",
      "\(key).container-name":"\(container)","\(key).sandbox-name":"\(pod)",
      "\(key).sandbox-namespace":"ml"\(uidKey)\(more)},"linux":{"cgroupsPath":"\(path)"}}
      """
  }

  private func kubelet(uid: String, more: String = "") -> String {
    """
    {"io.kubernetes.container.name":"main","io.kubernetes.pod.name":"train-0",
    "io.kubernetes.pod.namespace":"ml","io.kubernetes.pod.uid":"\(uid)"\(more)}
    """
  }

  @Test(arguments: [
    "/run/containerd", "/run/k3s/containerd", "/var/snap/microk8s/common/run/containerd", "/run/k0s/containerd",
  ])
  func containerdBundles(state: String) throws {
    node.files[bundlePath(state, "other")] = containerd(uid: uid)
    #expect(try node.names(cgroup: pod + id) == named)
    #expect(try node.names(cgroup: pod + "crio-\(id)") == .unknown)
    #expect(try node.names(cgroup: "/custom/\(id)") == .unknown)
  }

  @Test func secretsAreNotKept() throws {
    node.files[bundlePath()] = containerd(uid: uid)
    node.files[dockerPath] = #"{"Name":"/web","Config":{"Env":["TOKEN=hunter2"],"Labels":null}}"#
    #expect(try !"\(node.names(cgroup: pod + id)) \(node.names(cgroup: "/docker/" + id))".contains("hunter2"))
    let record = RuntimeRecord(containerdBundle: Array(containerd(uid: uid).utf8))
    #expect(record != nil && !"\(String(reflecting: record))".contains("hunter2"))
  }

  @Test func anotherPodsUIDIsAConflict() throws {
    for bundle in [
      containerd(uid: otherUID), containerd(uid: nil, path: "/kubepods/pod\(otherUID)/\(id)"),
      containerd(uid: uid, path: "kubepods-pod\(otherUID).slice:cri-containerd:\(id)"),
      containerd(uid: nil, more: ",\"io.kubernetes.cri.sandbox-log-directory\":\"/var/log/pods/a_b_\(otherUID)\""),
    ] {
      node.files[bundlePath()] = bundle
      #expect(try node.names(cgroup: pod + id) == .conflict)
    }
    node.files[bundlePath()] = containerd(uid: nil)
    #expect(try node.names(cgroup: pod + id) == named)
  }

  @Test func sandboxesHaveNoContainer() throws {
    let sandbox = RuntimeLookup.pod(PodName(namespace: "ml", name: "train-0"), container: nil)
    node.files[bundlePath()] = containerd(uid: uid, type: "sandbox")
    #expect(try node.names(cgroup: pod + id) == sandbox)
    let labels = kubelet(uid: uid, more: #","io.kubernetes.docker.type":"podsandbox""#)
    node.files[dockerPath] = "{\"Config\":{\"Labels\":\(labels)}}"
    #expect(try node.names(cgroup: pod + "docker-" + id) == sandbox)
  }

  @Test(arguments: ["../../etc", "a\\nb", "", "A", "a\\\"} 1\\n", "a_b", "\\u0000", "-a"])
  func otherNamesAreNone(name: String) throws {
    node.files[bundlePath()] = containerd(uid: uid, pod: name)
    #expect(try node.names(cgroup: pod + id) == .unknown)
    node.files[bundlePath()] = containerd(uid: uid, container: name)
    let unnamed = RuntimeLookup.pod(PodName(namespace: "ml", name: "train-0"), container: nil)
    #expect(try node.names(cgroup: pod + id) == unnamed)
  }

  @Test func damagedFilesNameNothing() throws {
    let deep = String(repeating: "[", count: 100_000)
    let long = containerd(uid: uid) + String(repeating: " ", count: 4 << 20)
    for text in [
      "", "{", "null", "[]", "{}", "\"\"", deep, long, #"{"annotations":3}"#, "\u{FFFD}", "{\"annotations\":{}}",
    ] {
      for path in [bundlePath(), criOPath, dockerPath] { node.files[path] = text }
      #expect(try node.names(cgroup: pod + id) == .unknown)
      #expect(try node.names(cgroup: "/docker/" + id) == .unknown)
    }
  }

  @Test func keysFollowTheRuntime() throws {
    node.files[criOPath] = containerd(uid: uid)
    #expect(try node.names(cgroup: pod + "crio-" + id) == .unknown)
    let forged = #","io.kubernetes.cri.sandbox-name":"forged","io.kubernetes.cri.container-type":"sandbox""#
    node.files[criOPath] = "{\"annotations\":\(kubelet(uid: uid, more: forged))}"
    #expect(try node.names(cgroup: pod + "crio-" + id) == named)
    node.files[bundlePath()] = node.files[criOPath]?.replacing("\"forged\"", with: "\"other\"")
      .replacing(",\"io.kubernetes.cri.container-type\":\"sandbox\"", with: "")
    #expect(try node.names(cgroup: pod + "cri-containerd-\(id).scope") == .unknown)
  }

  @Test func dockerLabelsCountOnlyInAPod() throws {
    node.files[dockerPath] = "{\"Name\":\"/web_1\",\"Config\":{\"Labels\":\(kubelet(uid: uid))}}"
    #expect(try node.names(cgroup: pod + "docker-" + id) == named)
    #expect(try node.names(cgroup: "/system.slice/docker-\(id).scope") == .plain("web_1"))
    #expect(try node.names(cgroup: "/kubepods/pod\(otherUID)/docker-\(id)") == .conflict)
    for name in ["/", "", "/../x", "a b", "_a", String(repeating: "a", count: 129)] {
      node.files[dockerPath] = "{\"Name\":\"\(name)\"}"
      #expect(try node.names(cgroup: "/docker/" + id) == .unknown)
    }
  }

  @Test func rootlessIDsAreNotLookedUpInRootsFiles() throws {
    node.files[dockerPath] = #"{"Name":"/payroll"}"#
    var names = RuntimeMetadata(node: ProcFS(host: node.host, root: "/proc"), options: Options())
    let user = "/user.slice/user-1000.slice/user@1000.service/user.slice/"
    #expect(try FakeNode.ask(&names, cgroup: "/docker/" + id) == .plain("payroll"))
    #expect(try FakeNode.ask(&names, cgroup: "\(user)docker-\(id).scope") == .unknown)
    #expect(try FakeNode.ask(&names, cgroup: "\(user)\(id)") == .unknown)
  }

  @Test func eachFileIsReadOnce() throws {
    node.files[bundlePath()] = containerd(uid: uid)
    var names = RuntimeMetadata(node: ProcFS(host: node.host, root: "/proc"), options: Options())
    for _ in 0..<3 { #expect(try FakeNode.ask(&names, cgroup: pod + id) == named) }
    #expect(node.reads == ["/proc/1/cgroup": 1, bundlePath(): 1])
  }

  @Test func aContainerDirectlyBelowTheUsersManagerIsRootlessToo() throws {
    node.files[dockerPath] = #"{"Name":"/payroll"}"#
    let manager = "/user.slice/user-1000.slice/user@1000.service"
    for below in ["docker-\(id).scope", id, "x/docker-\(id).scope"] {
      #expect(try node.names(cgroup: "\(manager)/\(below)") == .unknown, "\(below)")
    }
    #expect(try node.names(cgroup: "/user.slice/user-1000.slice/docker-\(id).scope") == .unknown)
  }

  @Test func anIDThatAUserChoseWithinAPodIsNotLookedUp() throws {
    node.files[bundlePath()] = containerd(uid: uid)
    #expect(try node.names(cgroup: "\(pod)user@1000.service/\(id)") == .unknown)
    #expect(node.reads == ["/proc/1/cgroup": 1])
  }
}
