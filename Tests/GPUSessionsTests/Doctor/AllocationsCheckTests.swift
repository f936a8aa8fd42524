import GPUSessions
import Testing

@Suite struct AllocationsCheckTests {
  private let root = "/sys/fs/cgroup"

  @Test func `the kubelet's checkpoint`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("allocations"), .pass, "1 entry with devices"))
    node.setCheckpoint("\"GPU-ffffffff-0000-0000-0000-000000000000\"")
    #expect(says(try node.finding("allocations"), .warn, "1 device handed out that nvidia-smi does not show"))
    node.write("/proc/sys/kernel/random/boot_id", "now\n")
    node.setCheckpoint("", boot: "before")
    #expect(
      says(try node.finding("allocations"), .warn, "before the last reboot", advice: "systemctl status kubelet"))
    let file = "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"
    node.write(file, "{")
    #expect(says(try node.finding("allocations"), .fail, "is incomplete or damaged", advice: "restart kubelet"))
    node.write(file, "{}")
    #expect(
      says(
        try node.finding("allocations"), .fail, "has a format that this version", advice: "version of Kubernetes"))
    node.files[file] = .failed(13)
    #expect(says(try node.finding("allocations"), .fail, "could not be read (permission denied)", advice: "root"))
    node.files[file] = .failed(.danglingLink)
    #expect(says(try node.finding("allocations"), .fail, "(a symbolic link in the path leads to no directory)"))
  }

  @Test func `IDs of another plugin are no lost devices`() throws {
    let node = FakeHost.installed()
    let gpu = FakeGPU(index: 1).uuid
    node.setCheckpoint("\"\(gpu)-17\"")
    #expect(says(try node.finding("allocations"), .warn, "1 device of a plugin whose IDs are not NVIDIA's"))
    #expect(try node.finding("allocations").advice?.contains("restart") == false)
    node.setCheckpoint("\"\(gpu)-17\",\"\(gpu)-18\",\"GPU-ffffffff-0000-0000-0000-000000000000\"")
    let both = try node.finding("allocations")
    #expect(says(both, .warn, "1 device handed out that nvidia-smi does not show; 2 devices of a plugin"))
    #expect(both.advice?.contains("restart the device plugin") == true)
  }

  @Test func `claims and the driver's file`() throws {
    let node = FakeHost.installed()
    let driver = "/var/lib/kubelet/plugins/gpu.nvidia.com/checkpoint.json"
    node.write(
      "/var/lib/kubelet/dra_manager_state",
      #"{"entries":[{"ClaimUID":"c","PodUIDs":{"\#(FakeHost.podUID)":{}},"DriverName":"gpu.nvidia.com"}]}"#)
    #expect(
      says(
        try node.finding("allocations"), .fail, "checkpoint.json is missing: the devices of 1 resource claim",
        advice: "plugins/gpu.nvidia.com"))
    node.write(driver, "{")
    #expect(says(try node.finding("allocations"), .fail, "is incomplete or damaged", advice: "restart NVIDIA's"))
    node.write(
      driver, #"{"v1":{"preparedClaims":{"c":{"preparedDevices":[{"devices":[{"gpu":{"info":{"uuid":"1"}}}]}]}}}}"#)
    #expect(says(try node.finding("allocations"), .warn, "1 device handed out that nvidia-smi does not show"))
    node.write(
      driver,
      #"{"v2":{"preparedClaims":{"c":{"checkpointState":"PrepareCompleted","preparedDevices":[{"devices":[{"x":1}]}]}}}}"#
    )
    #expect(
      says(try node.finding("allocations"), .warn, "1 device of resource claims, of a kind", advice: "update"))
    node.write(driver, #"{"v2":{}}"#)
    #expect(
      says(try node.finding("allocations"), .warn, "1 resource claim without devices", advice: "log"))
  }

  @Test func `stale devices are a warning`() throws {
    let node = FakeHost.installed([])
    #expect(says(try node.finding("allocations"), .pass, "1 entry with devices"))
    node.directories["/sys/fs/cgroup/kubepods.slice"] = .names([])
    #expect(
      says(
        try node.finding("allocations"), .warn, "1 device handed to pods that have no cgroup", advice: "cgroupRoot")
    )
  }

  @Test func `what fails the collection's stage fails the check`() throws {
    let node = FakeHost.installed([])
    node.directories[root] = .names(["cgroup.controllers", "init.scope"])
    #expect(says(try node.finding("allocations"), .fail, "does not show which pods are alive", advice: "mount"))
    let busy = FakeHost.installed()
    busy.directories[root] = .names(["cgroup.controllers", "init.scope"])
    #expect(says(try busy.finding("allocations"), .pass, "1 entry with devices"))
  }

  @Test func `a pod with a session is never called gone`() throws {
    let node = FakeHost.installed()
    node.directories["/sys/fs/cgroup/kubepods.slice"] = .names([])
    #expect(says(try node.finding("allocations"), .pass, "1 entry with devices"))
  }

  @Test func `no checkpoint is not always no kubelet`() throws {
    let node = FakeHost.installed()
    node.files["/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"] = nil
    #expect(says(try node.finding("allocations"), .fail, "/var/lib/kubelet is missing", advice: "--kubelet-root"))
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
