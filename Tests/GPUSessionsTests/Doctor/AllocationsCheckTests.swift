import GPUSessions
import Testing

@Suite struct AllocationsCheckTests {
  private let root = "/sys/fs/cgroup"

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
    #expect(says(try node.finding("allocations"), .fail, "could not be read (permission denied)", advice: "root"))
    node.files[file] = .failed(.danglingLink)
    #expect(says(try node.finding("allocations"), .fail, "(a symbolic link in the path leads to no directory)"))
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
