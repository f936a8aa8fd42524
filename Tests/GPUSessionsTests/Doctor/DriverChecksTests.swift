import GPUSessions
import Testing

@Suite struct DriverChecksTests {
  @Test func `every check passes where all is well, and nvidia-smi is asked once`() {
    let node = FakeHost.installed()
    #expect(run(["check"], node.host) == .success)
    let text = String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)
    #expect(text.hasSuffix("16 pass, 0 warn, 0 fail, 0 skip\n"), "\(text)")
    #expect(node.spawned.map(\.queries) == [[.gpus, .apps, .pmon, .table], [.list]])
    #expect(node.published.isEmpty && node.errors == "")
  }

  @Test func `which nvidia-smi`() throws {
    let node = FakeHost.installed()
    #expect(try node.finding("nvidia-smi") == .pass("/usr/bin/nvidia-smi"))
    #expect(
      says(try node.finding("nvidia-smi", "--nvidia-smi=/x/y"), .fail, "/x/y is not the path of an executable file")
    )
    let name = try node.finding("nvidia-smi", "--nvidia-smi=nvidia-smi")
    #expect(says(name, .fail, "nvidia-smi is not the path of an executable file", advice: "full path"))
    node.executables = []
    #expect(says(try node.finding("nvidia-smi"), .fail, "not found", advice: "--nvidia-smi"))
    for name in ["answer", "driver", "devices", "mig"] {
      #expect(says(try node.finding(name), .skip, "there is no nvidia-smi to ask"), "\(name)")
    }
  }

  @Test func `an answer within its time passes, a slow one is for persistence mode`() throws {
    let node = FakeHost.installed()
    node.spawnSpans = [5 * Nanoseconds.perSecond]
    #expect(says(try node.finding("answer"), .pass, "GPUs and processes in 5.0 s"))
    #expect(node.spawned.allSatisfy { $0.deadline == 1_045 * Nanoseconds.perSecond })
    node.spawnSpans = [5_100_000_000]
    #expect(says(try node.finding("answer"), .warn, "in 5.1 s", advice: "nvidia-smi -pm 1"))
  }

  @Test func `its children have the deadline of the check`() throws {
    let node = FakeHost.installed()
    _ = try node.finding("answer", "--timeout=7")
    #expect(node.spawned.map(\.deadline) == [1_007, 1_007].map { $0 * Nanoseconds.perSecond })
  }

  @Test(
    arguments: [
      (.text("No devices were found\n", exit: 6), "found no devices", "lspci"),
      (.text("Failed to initialize NVML: No supported GPUs were found\n", exit: 6), "no supported GPU", "lspci"),
      (.text("Failed to initialize NVML: Driver/library version mismatch\n", exit: 18), "versions", "reboot"),
      (.text("Failed to initialize NVML: Driver Not Loaded\n", exit: 9), "not loaded", "modprobe nvidia"),
      (.text("Failed to initialize NVML: Insufficient Permissions\n", exit: 4), "refuses", "root"),
      (.text("Failed to initialize NVML: Unknown Error\n", exit: 255), "NVML", "restart the container"),
      (
        .text("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.\n", exit: 12), "libnvidia-ml",
        "install"
      ),
      (.text("Unable to determine the device handle for GPU0: 0000:01:00.0: Lost\n", exit: 15), "no GPU", "xid"),
      (.text("busybox\n"), "gave no GPU list and ended with exit status 0", "--nvidia-smi"),
      (ChildOutcome(end: .deadline), "no answer in time", "--timeout"),
      (ChildOutcome(end: .abandoned), "the driver hangs", "reboot"),
      (ChildOutcome(end: .outputLimit), "wrote more than 8 MiB and was stopped", "--nvidia-smi"),
      (ChildOutcome(end: .signaled(11)), "signal 11", "dmesg"),
      (ChildOutcome(end: .notStarted(8)), "could not be started", "/usr/bin/nvidia-smi"),
      (ChildOutcome(end: .terminated), "stopped by SIGTERM", "again"),
    ] as [(ChildOutcome, String, String)])
  func `an answer without a list says why and what helps`(outcome: ChildOutcome, seen: String, advice: String)
    throws
  {
    let node = FakeHost.installed()
    node.answers[.gpus] = [outcome]
    #expect(says(try node.finding("answer"), .fail, seen, advice: advice))
    node.isTerminated = false
    #expect(says(try node.finding("devices"), .skip, "nvidia-smi gave no list of GPUs"))
    #expect(run(["check"], node.host) == .failure)
  }

  @Test func `no process list is no answer, and the GPUs are known all the same`() throws {
    let node = FakeHost.installed()
    node.answers[.apps] = [ChildOutcome(end: .deadline)]
    #expect(says(try node.finding("answer"), .fail, "no answer in time"))
    #expect(says(try node.finding("devices"), .pass, "2 GPUs"))
  }

  @Test func `without pmon there is no utilization, and that is no fault`() throws {
    let node = FakeHost.installed()
    node.answers[.pmon] = [.text("Not supported on the device(s)\n", exit: 3)]
    #expect(
      says(try node.finding("answer"), .pass, "; pmon did not report the processes' utilization on every GPU"))
  }

  @Test func `the driver's version, and the fields it does not know`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("driver"), .pass, "590.48.01"))
    node.unknownFields = ["gpu_recovery_action"]
    #expect(says(try node.finding("driver"), .pass, "590.48.01; it does not know gpu_recovery_action"))
    node.unknownFields = ["power.limit", "used_gpu_memory"]
    #expect(
      says(
        try node.finding("driver"), .warn, "590.48.01 does not know power.limit, used_gpu_memory", advice: "newer"))
  }
}
