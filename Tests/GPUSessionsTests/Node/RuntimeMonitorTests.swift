import GPUSessions
import Testing

@Suite struct RuntimeMonitorTests {
  private let node = FakeNode()
  private let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  private let id = String(repeating: "0123456789abcdef", count: 4)
  private var cgroup: String { "/kubepods/pod\(uid)/crio-\(id)" }
  private let outside = "/system.slice/crio.service"

  private func conmon(_ name: String, id: String) -> [String] { ["/usr/bin/conmon", "-c", id, "-n", name] }

  @Test func conmonNamesItsContainer() throws {
    node.add(9, "conmon", parent: 1, cgroup: outside, arguments: conmon("k8s_main_a.b-0_ml_\(uid)_3", id: id))
    node.add(10, "bash", parent: 9, cgroup: cgroup, arguments: ["bash", "--token=hunter2"])
    let named = RuntimeLookup.pod(PodName(namespace: "ml", name: "a.b-0"), container: "main")
    #expect(try node.names(cgroup: cgroup, parent: 9) == named)
    #expect(try node.names(cgroup: cgroup, parent: 10) == named)
    #expect(node.reads["/proc/10/cmdline"] == nil && node.reads["/proc/100/cmdline"] == nil)
    let other = "/kubepods/podeab5a334-93fe-48a8-b139-9e8079c1f163/crio-\(id)"
    #expect(try node.names(cgroup: other, parent: 9) == .conflict)
    let another = String(repeating: "e", count: 64)
    #expect(try node.names(cgroup: "/kubepods/pod\(uid)/crio-\(another)", parent: 9) == .unknown)
  }

  @Test func podmanNamesAreItsOwn() throws {
    let user = "/user.slice/user-1000.slice/user@1000.service/user.slice/"
    node.add(
      9, "conmon", parent: 1, cgroup: "\(user)libpod-conmon-\(id).scope", uid: 1000,
      arguments: conmon("web.1", id: id))
    #expect(try node.names(cgroup: "\(user)libpod-\(id).scope/container", parent: 9) == .plain("web.1"))
    for name in ["a/b", "a\nb", "", "é", ".a"] {
      node.add(9, "conmon", parent: 1, cgroup: "/", arguments: conmon(name, id: id))
      #expect(try node.names(cgroup: "\(user)libpod-\(id).scope", parent: 9) == .unknown)
    }
  }

  @Test func aWorkloadThatCallsItselfConmonIsNone() throws {
    let forged = conmon("k8s_main_victim_prod_\(uid)_0", id: id)
    node.add(9, "conmon", parent: 1, cgroup: cgroup, arguments: forged)
    node.add(10, "conmon", parent: 1, cgroup: cgroup + "/crio-conmon-\(id).scope", arguments: forged)
    node.add(11, "conmon", parent: 1, cgroup: outside, arguments: ["/bin/sh"] + forged.dropFirst())
    node.add(12, "sh", parent: 1, cgroup: outside, arguments: forged)
    node.add(13, "conmon", parent: 1, cgroup: outside, start: 51, arguments: forged)
    for parent in Int32(9)...14 { #expect(try node.names(cgroup: cgroup, parent: parent) == .unknown) }
    #expect(node.reads["/proc/9/cmdline"] == nil)
  }

  @Test func eachProcessOnTheWayIsReadOnce() throws {
    node.add(9, "conmon", parent: 1, cgroup: outside, arguments: conmon("k8s_main_a_ml_\(uid)_3", id: id))
    node.add(10, "sh", parent: 9, cgroup: cgroup, arguments: [])
    let another = "/kubepods/pod\(uid)/crio-" + String(repeating: "e", count: 64)
    var names = RuntimeMetadata(node: ProcFS(host: node.host, root: "/proc"), options: Options())
    let named = RuntimeLookup.pod(PodName(namespace: "ml", name: "a"), container: "main")
    for _ in 0..<3 {
      #expect(try FakeNode.ask(&names, cgroup: cgroup, parent: 10) == named)
      #expect(try FakeNode.ask(&names, cgroup: another, parent: 10) == .unknown)
    }
    #expect(node.reads.values.allSatisfy { $0 == 1 })
    #expect(node.reads["/proc/9/cmdline"] == 1 && node.reads["/proc/10/stat"] == 1)
  }

  @Test func loopsEnd() throws {
    node.add(9, "a", parent: 10, cgroup: "/", arguments: [])
    node.add(10, "b", parent: 9, cgroup: "/", arguments: [])
    #expect(try node.names(cgroup: cgroup, parent: 9) == .unknown)
  }

  @Test func shimsShowTheirState() throws {
    let cgroup = "/kubepods/pod\(uid)/\(id)"
    let shim = ["/x/containerd-shim-runc-v2", "-namespace", "k8s.io", "-address", "/srv/c/containerd.sock"]
    node.files["/srv/c/io.containerd.runtime.v2.task/k8s.io/\(id)/config.json"] = """
      {"annotations":{"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":"main",
      "io.kubernetes.cri.sandbox-name":"a","io.kubernetes.cri.sandbox-namespace":"ml"}}
      """
    node.add(9, "containerd-shim", parent: 1, cgroup: "/system.slice/k.service", arguments: shim)
    let named = RuntimeLookup.pod(PodName(namespace: "ml", name: "a"), container: "main")
    #expect(try node.names(cgroup: cgroup, parent: 9) == named)
    node.add(9, "containerd-shim", parent: 1, cgroup: cgroup, arguments: shim)
    #expect(try node.names(cgroup: cgroup, parent: 9) == .unknown)
  }

  @Test(arguments: [
    "", "c.sock", "/c.sock", "/a/../c.sock", "/a/c", "/a/./c.sock", "/a\u{7F}b/c.sock", "/a\n/c.sock",
  ])
  func otherAddressesAreNone(address: String) {
    #expect(stateDirectory(ofShim: [[], Array("-address".utf8)[...], Array(address.utf8)[...]]) == nil)
  }
}
