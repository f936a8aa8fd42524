extension Outcome {
  /// Collects within the time limit of a collection. `memory` is of the collection before in the same process.
  ///
  /// If the collection hangs, `finish` gets a failed outcome, on another thread, and its status becomes the exit status of
  /// the process. After SIGTERM or SIGINT the process says so and ends without it. `ending` is called before either.
  static func collecting(
    _ host: Host, _ options: Options, memory: DriverMemory = DriverMemory(),
    ending: @escaping @Sendable () -> Void = {},
    _ finish: @escaping @Sendable (Outcome) -> ExitStatus
  ) -> Outcome {
    let pipeline = Pipeline(host: host, options: options, memory: memory)
    let hanging = Outcome.hanging(started: host.wallClock(), limit: options.collectionLimit)
    var outcome = hanging
    host.watch(
      pipeline.start + options.collectionLimit,
      { lateness in
        ending()
        if lateness == .overdue { return finish(hanging).rawValue }
        diagnose("error: " + CollectionFailure.terminated.sentence, host)
        return ExitStatus.failure.rawValue
      }, { outcome = pipeline.run() })
    return outcome
  }

  /// The outcome of a collection that does not end. `started` is of the wall clock.
  private static func hanging(started: Nanoseconds, limit: Nanoseconds) -> Outcome {
    let failure = CollectionFailure.filesHang
    var report = RunReport(started: started)
    report.stages = [StageResult(stage: failure.stage, isSuccess: false, duration: limit)]
    return .failed(failure, report)
  }
}

/// Why a schedule ends after a collection that hangs, what that means and, in parentheses, what helps.
let noFurtherRun =
  "no further run: a read of a file hangs and cannot be interrupted, so this process ends"
  + " (start it again; systemd and Kubernetes do so by themselves)"

/// Says why the output is not `done` (`written`, `removed`), and returns the exit status.
func lateWrite(_ output: String, _ done: String, _ lateness: Lateness, _ host: Host) -> ExitStatus {
  switch lateness {
  case .overdue:
    diagnose(
      "error: \(output) cannot be \(done): its file system does not answer in time"
        + " (look for the kernel's message: dmesg | tail)", host)
    return .cannotCreate
  case .terminated:
    diagnose("error: stopped by SIGTERM or SIGINT before \(output) was \(done) (run it again)", host)
    return .failure
  }
}
