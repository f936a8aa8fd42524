import GPUSessions
import Testing

@Suite struct CgroupCheckTests {
  private let root = "/sys/fs/cgroup"

  @Test func `version and driver of the tree`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("cgroup"), .pass, "version 2, systemd driver, 1 pod"))
    node.directories[root] = .names(["cgroup.controllers", "kubepods"])
    node.directories[root + "/kubepods"] = .names(["pod" + FakeHost.podUID])
    #expect(says(try node.finding("cgroup"), .pass, "version 2, cgroupfs driver, 1 pod"))
    node.directories[root] = .names(["cgroup.controllers", "kubelet.slice"])
    node.directories[root + "/kubelet.slice"] = .names(["kubelet-kubepods.slice"])
    node.directories[root + "/kubelet.slice/kubelet-kubepods.slice"] = .names([])
    #expect(says(try node.finding("cgroup"), .warn, "lacks the cgroups of 1 pod with a session", advice: "mount"))
    let idle = FakeHost.installed([])
    idle.directories = node.directories
    #expect(says(try idle.finding("cgroup"), .pass, "version 2, systemd driver, 0 pods"))
    idle.directories[root] = .names(["cgroup.controllers", "system.slice"])
    #expect(says(try idle.finding("cgroup"), .pass, "version 2, no pods of a kubelet"))
    idle.directories[root] = .names(["cgroup.controllers", FakeHost.containerID])
    #expect(says(try idle.finding("cgroup"), .pass, "no pods of a kubelet; 1 container outside of pods"))
  }

  @Test func `a kubelet's own root is named`() throws {
    let node = FakeHost.installed()
    node.directories[root] = .names(["cgroup.controllers", "site"])
    node.directories[root + "/site"] = .names(["kubepods"])
    node.directories[root + "/site/kubepods"] = .names(["pod" + FakeHost.podUID])
    #expect(says(try node.finding("cgroup"), .pass, "version 2, cgroupfs driver, 1 pod, below /site/kubepods"))
  }

  @Test func `version 1 and both`() throws {
    let node = FakeHost.installed()
    node.directories[root] = .names(["memory", "pids"])
    for controller in ["/memory", "/pids"] { node.directories[root + controller] = .names(["kubepods"]) }
    node.directories[root + "/pids/kubepods"] = .names(["pod" + FakeHost.podUID])
    #expect(says(try node.finding("cgroup"), .pass, "version 1, cgroupfs driver, 1 pod"))
    node.directories[root] = .names(["memory", "pids", "unified"])
    #expect(says(try node.finding("cgroup"), .pass, "version 1 and 2 (hybrid), cgroupfs driver, 1 pod"))
  }

  @Test func `a tree that is not there, not readable, none or a part of one`() throws {
    let node = FakeHost.installed()
    node.directories[root + "/kubepods.slice"] = .failed(13)
    #expect(
      says(
        try node.finding("cgroup"), .fail, "some directories of the tree (version 2) cannot be read", advice: "root"
      ))
    node.directories[root] = .failed(13)
    #expect(says(try node.finding("cgroup"), .fail, "permission denied", advice: "root"))
    #expect(says(try node.finding("allocations"), .fail, "does not show which pods are alive", advice: "mount"))
    node.directories[root] = .names(["fs"])
    #expect(says(try node.finding("cgroup"), .warn, "is not a cgroup file system", advice: "mount"))
    node.directories[root] = .names(["cgroup.controllers", "cgroup.type"])
    #expect(says(try node.finding("cgroup"), .warn, "a part of the tree", advice: "--host-root"))
    node.directories[root] = nil
    #expect(says(try node.finding("cgroup"), .warn, "is not there", advice: "mount"))
    let bare = FakeHost.installed([])
    bare.directories[root] = nil
    #expect(says(try bare.finding("cgroup"), .skip, "only with a kubelet"))
    for entries in [["fs"], ["cgroup.controllers", "cgroup.type"]] {
      bare.directories[root] = .names(entries)
      #expect(says(try bare.finding("cgroup"), .skip, "only with a kubelet"))
    }
  }
}
