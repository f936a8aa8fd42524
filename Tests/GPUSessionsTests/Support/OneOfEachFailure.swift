import GPUSessions

extension CollectionFailure {
  /// One value of every case.
  static let oneOfEach: [CollectionFailure] =
    [
      .foreignPIDNamespace, .noProcfs("/x"), .nvidiaSMINotFound, .nvidiaSMINotExecutable("/x"),
      .notStarted("/x", errno: 13), .driverNotLoaded, .driverMismatch, .noDevices, .noSupportedGPUs,
      .nvmlLibraryMissing, .insufficientPermissions, .timedOut, .abandoned, .earlierChildAlive,
      .filesHang, .tooMuchOutput, .crashed(signal: 11), .terminated, .notAList(what: "GPU list", exit: 3),
      .noReadableDevice, .published(kind: "new_reason"), .nothingPublished,
    ] + NVMLFailure.allCases.map { .nvml($0) }
}
