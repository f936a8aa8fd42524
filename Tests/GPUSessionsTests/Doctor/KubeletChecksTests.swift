import GPUSessions
import Testing

@Suite struct KubeletChecksTests {
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
    #expect(says(try node.finding("cgroup"), .pass, "version 2, systemd driver, 0 pods"))
    node.directories[root] = .names(["cgroup.controllers", "system.slice"])
    #expect(says(try node.finding("cgroup"), .pass, "version 2, no kubelet's pods"))
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
    #expect(says(try node.finding("cgroup"), .fail, "cannot be read in every branch", advice: "root"))
    node.directories[root] = .failed(13)
    #expect(says(try node.finding("cgroup"), .fail, "permission denied", advice: "root"))
    #expect(says(try node.finding("allocations"), .fail, "does not show which pods are alive", advice: "mount"))
    node.directories[root] = .names(["fs"])
    #expect(says(try node.finding("cgroup"), .warn, "holds no cgroup file system", advice: "mount"))
    node.directories[root] = .names(["cgroup.controllers", "cgroup.type"])
    #expect(says(try node.finding("cgroup"), .warn, "a part of the tree", advice: "--host-root"))
    node.directories[root] = nil
    #expect(says(try node.finding("cgroup"), .warn, "is not there", advice: "mount"))
    let bare = FakeHost.installed([])
    bare.directories[root] = nil
    #expect(says(try bare.finding("cgroup"), .skip, "without a kubelet"))
  }

  @Test func `names come from somewhere`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("names"), .pass, "/var/log/pods, /var/log/containers"))
    node.directories["/run/containerd"] = .failed(13)
    #expect(says(try node.finding("names"), .pass, "; not readable: /run/containerd"))
    node.directories["/var/log/pods"] = .failed(13)
    node.directories["/var/log/containers"] = nil
    #expect(says(try node.finding("names"), .warn, "1 pod without a name", advice: "root"))
    let idle = FakeHost.installed([])
    idle.setCheckpoint("")
    idle.directories["/var/log/pods"] = .failed(13)
    #expect(says(try idle.finding("names"), .warn, "not readable: /var/log/pods", advice: "root"))
  }

  @Test func `pods without any name, or with two`() throws {
    let node = FakeHost.installed()
    let uid = FakeHost.podUID
    node.directories["/var/log/containers"] = nil
    node.directories["/var/log/pods"] = .names(["team-a_sweep-0_\(uid)", "team-b_planted_\(uid)"])
    #expect(says(try node.finding("names"), .warn, "two sources contradict each other", advice: "/var/log/pods"))
    node.directories["/var/log/pods"] = .names([])
    #expect(says(try node.finding("names"), .warn, "1 pod without a name in", advice: "/run/containerd"))
    node.directories["/var/log/pods"] = nil
    #expect(says(try node.finding("names"), .warn, "1 pod without a name in", advice: "mount"))
  }

  @Test func `nothing that names pods, with pods and without`() throws {
    let node = FakeHost.installed([])
    node.directories["/var/log/containers"] = nil
    node.directories["/var/log/pods"] = nil
    node.setCheckpoint("")
    #expect(says(try node.finding("names"), .fail, "pods run here", advice: "--host-root"))
    node.directories[root] = nil
    #expect(says(try node.finding("names"), .skip, "no pods"))
    node.directories["/var/lib/docker/containers"] = .failed(13)
    #expect(says(try node.finding("names"), .warn, "not readable: /var/lib/docker/containers", advice: "root"))
  }

  @Test func `the kubelet's checkpoint`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("allocations"), .pass, "1 container with devices"))
    node.setCheckpoint("\"GPU-ffffffff-0000-0000-0000-000000000000\"")
    #expect(says(try node.finding("allocations"), .warn, "1 device handed out that nvidia-smi does not show"))
    node.write("/proc/sys/kernel/random/boot_id", "now\n")
    node.setCheckpoint("", boot: "before")
    #expect(
      says(try node.finding("allocations"), .warn, "before the last reboot", advice: "systemctl status kubelet"))
    let file = "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"
    node.write(file, "{")
    #expect(says(try node.finding("allocations"), .fail, "is not as the kubelet", advice: "restart kubelet"))
    node.files[file] = .failed(13)
    #expect(says(try node.finding("allocations"), .fail, "could not be read", advice: "root"))
  }

  @Test func `no checkpoint is not always no kubelet`() throws {
    let node = FakeHost.installed()
    node.files["/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"] = nil
    #expect(says(try node.finding("allocations"), .warn, "is not there", advice: "--kubelet-root"))
    node.directories["/var/lib/kubelet"] = .failed(13)
    #expect(says(try node.finding("allocations"), .warn, "permission denied", advice: "root"))
    node.directories["/var/lib/kubelet"] = .names([])
    #expect(says(try node.finding("allocations"), .pass, "no device has been handed out"))
    let bare = FakeHost.installed([])
    bare.directories[root] = nil
    bare.files["/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"] = nil
    #expect(says(try bare.finding("allocations"), .skip, "there is no kubelet"))
  }
}
