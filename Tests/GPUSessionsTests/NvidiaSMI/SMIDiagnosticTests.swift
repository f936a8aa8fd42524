import Testing

@testable import GPUSessions

/// Lines of the drivers 418 to 610, as users have reported them.
@Suite struct SMIDiagnosticTests {
  private func diagnostic(_ line: String) -> SMIDiagnostic? { SMIDiagnostic(octets(line)[...]) }

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
      ("Failed to initialize NVML: Driver Not Loaded", .driverNotLoaded),
      ("Failed to initialize NVML: Unknown Error", .nvml(.unknownError)),
      ("Failed to initialize NVML: GPU access blocked by the operating system", .nvml(.blocked)),
      ("Failed to initialize NVML: N/A", .nvml(.notAvailable)),
      ("Failed to initialize NVML: GPU is lost", .nvml(.lostGPU)),
      ("Failed to initialize NVML: GPU requires reset", .nvml(.lostGPU)),
      ("Failed to initialize NVML: Not Found", .nvml(.other)),
      ("Failed to initialize NVML", .nvml(.other)),
      ("Failed to properly shut down NVML: GPU access blocked by the operating system", .remark),
      (
        "NVIDIA-SMI has failed because you do not have suffient permissions. Please try running as an administrator.",
        .insufficientPermissions
      ),
      (
        "NVIDIA-SMI has failed because you do not have sufficient permissions. Please try running as an administrator.",
        .insufficientPermissions
      ),
      ("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", .nvmlLibraryMissing),
      ("Failed to initialize NVML: Insufficient Permissions", .insufficientPermissions),
      ("Field \"device_minor\" is not a valid field to query.", .unknownField("device_minor")),
      ("WARNING: infoROM is corrupted at gpu 0000:0B:00.0", .remark),
      ("The feature is not supported in this configuration", .unsupported),
      ("Not supported on the device(s)", .unsupported),
      ("Failed to process command line", .remark),
      ("Make sure that the latest NVIDIA driver is installed and running.", .remark),
      (
        "Please also try adding directory that contains libnvidia-ml.so to your system PATH.", .remark
      ),
    ] as [(String, SMIDiagnostic)])
  func `each failure is recognised`(_ line: String, _ expected: SMIDiagnostic) {
    #expect(diagnostic(line) == expected)
    #expect(diagnostic("  " + line + " \r") == expected)
  }

  @Test(arguments: [
    "", "index, uuid", "GPU-1, 7, WARNING: x", "    0      7     C      -      -   WARNING:",
    "0, GPU-1, NVIDIA H100",
    "# gpu         pid   type     sm", "GPU 0: NVIDIA H200 (UUID: GPU-2af1c335)", "warning: x",
    "Field \"x\" is not a valid field", "<gpu id=\"00000000:00:09.0\">", "GPU is lost",
    "  MIG 1g.10gb     Device  0: (UUID: MIG-8443519f-66f7-5962-8955-60dba0866f3a)",
  ])
  func `data are no diagnostic`(_ line: String) {
    #expect(diagnostic(line) == nil)
  }

  @Test func `an unknown field keeps its name, however odd`() {
    #expect(diagnostic("Field \"\" is not a valid field to query.") == .unknownField(""))
    #expect(diagnostic("Field \"a\"b\" is not a valid field to query.") == .unknownField("a\"b"))
    #expect(diagnostic("Field \" is not a valid field to query.") == .unknownField(""))
  }

  @Test func `diagnostics of both streams are gathered, standard output first`() {
    var outcome = ChildOutcome(end: .exited(0))
    outcome.standardOutput = answer("index, uuid", "No devices were found")
    let complaint = "Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error"
    outcome.standardError = answer(complaint)
    let lost = LostGPU(index: 1, busID: "00000000:34:00.0", complaint: complaint)
    #expect(outcome.diagnostics == [.noDevices, .lostGPU(lost)])
  }
}
