import Testing

@testable import GPUSessions

/// nvidia-smi.md §6 and samples/nvidia-smi/snippets/failures__stdout-stderr-exit.txt.
@Suite struct MessageTests {
  private func message(_ line: String) -> SMIDiagnostic? { SMIDiagnostic(octets(line)[...]) }

  @Test(
    arguments: [
      (
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest"
          + " NVIDIA driver is installed and running.", .driverNotLoaded
      ),
      ("Failed to initialize NVML: Driver/library version mismatch", .driverMismatch),
      ("NVML library version: 535.161", .remark),
      ("No devices were found", .noDevices),
      ("Failed to initialize NVML: No supported GPUs were found", .noSupportedGPUs),
      ("Unable to determine the number of GPUs", .remark),
      ("Failed to initialize NVML: Unknown Error", .nvmlUnknownError),
      ("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", .nvmlLibraryMissing),
      ("Failed to initialize NVML: Insufficient Permissions", .insufficientPermissions),
      ("Field \"device_minor\" is not a valid field to query.", .unknownField("device_minor")),
      ("WARNING: infoROM is corrupted at gpu 0000:0B:00.0", .remark),
      ("The feature is not supported in this configuration", .unsupported),
      ("Not supported on the device(s)", .unsupported),
      ("Failed to process command line", .remark),
    ] as [(String, SMIDiagnostic)])
  func `each failure is recognised`(_ line: String, _ expected: SMIDiagnostic) {
    #expect(message(line) == expected)
    #expect(message("  " + line + " \r") == expected)
  }

  @Test(
    arguments: [
      ("GPU1: 0000:34:00.0: Unknown Error", 1, "00000000:34:00.0"),
      ("GPU12: 0000:34:00.0: Not Found", 12, "00000000:34:00.0"),
      ("GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU", nil, "00000000:02:00.0"),
      ("GPU 0000:09:00.0: Unknown Error", nil, "00000000:09:00.0"),
      ("GPU0000:20:00.0: Unknown Error", nil, "00000000:20:00.0"),
      ("GPU3: 00000008:06:00.0: Unknown Error", 3, "00000008:06:00.0"),
      ("GPU0: 000f:01:00.0: GPU is lost", 0, "0000000F:01:00.0"),
      ("GPU5: Unknown Error", 5, ""),
    ] as [(String, Int?, String)])
  func `a lost GPU is named by index and bus ID, as far as printed`(
    _ rest: String, _ index: Int?, _ busID: String
  ) {
    let line = "Unable to determine the device handle for " + rest
    #expect(message(line) == .lostGPU(LostGPU(index: index, busID: busID)))
  }

  @Test func `a complaint that names no GPU is only a remark`() {
    #expect(message("Unable to determine the device handle for GPU") == .remark)
    #expect(message("Unable to determine the device handle for GPU: Unknown Error") == .remark)
    #expect(message("Unable to determine the device handle for GPU99999999999999999999: x") == .remark)
  }

  @Test(arguments: [
    "", "index, uuid", "GPU-1, 7, WARNING: x", "    0      7     C      -      -   WARNING:",
    "0, GPU-1, NVIDIA H100",
    "# gpu         pid   type     sm", "GPU 0: NVIDIA H200 (UUID: GPU-2af1c335)", "warning: x",
    "Field \"x\" is not a valid field", "<gpu id=\"00000000:00:09.0\">", "GPU is lost",
    "  MIG 1g.10gb     Device  0: (UUID: MIG-8443519f-66f7-5962-8955-60dba0866f3a)",
  ])
  func `data are no message`(_ line: String) {
    #expect(message(line) == nil)
  }

  @Test func `an unknown field keeps its name, however odd`() {
    #expect(message("Field \"\" is not a valid field to query.") == .unknownField(""))
    #expect(message("Field \"a\"b\" is not a valid field to query.") == .unknownField("a\"b"))
    #expect(message("Field \" is not a valid field to query.") == .unknownField(""))
  }

  @Test func `messages of both streams are gathered`() {
    var outcome = ChildOutcome(end: .exited(0))
    outcome.standardOutput = answer("index, uuid", "No devices were found")
    outcome.standardError = answer(
      "Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error")
    #expect(
      messages(in: outcome) == [.noDevices, .lostGPU(LostGPU(index: 1, busID: "00000000:34:00.0"))])
  }
}
