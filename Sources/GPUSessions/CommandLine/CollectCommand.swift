/// The command `collect`: collects and publishes, once or at intervals.
struct CollectCommand {
  let host: Host
  let options: Options

  /// Returns the exit status of the last run.
  func run() -> ExitStatus {
    var memory = DriverMemory()
    return Schedule(host: host, options: options).run { collectAndPublish(&memory) }
  }

  /// Collects and publishes once. Returns `nil` if SIGTERM or SIGINT arrived meanwhile; then the previous file stays.
  private func collectAndPublish(_ memory: inout DriverMemory) -> ExitStatus? {
    let begin = host.now()
    let outcome = Outcome.collecting(host, options, memory: memory) { finishHanging($0, begin) }
    memory = outcome.report.driver
    if let failure = outcome.failure, failure == .terminated || host.isTerminated() {
      diagnose("error: " + CollectionFailure.terminated.sentence, host)
      return nil
    }
    return finish(outcome, begin)
  }

  /// Publishes that the collection has failed, while the thread that collects still hangs. The process ends afterwards.
  private func finishHanging(_ outcome: Outcome, _ begin: Nanoseconds) -> ExitStatus {
    let status = finish(outcome, begin)
    if options.interval != nil { diagnose("error: " + noFurtherRun, host) }
    return status
  }

  /// Reports and publishes what a run has come to, until the time limit of the whole run.
  private func finish(_ outcome: Outcome, _ begin: Nanoseconds) -> ExitStatus {
    // A reader of standard output, such as a pager, may take its time.
    if options.output == "-" { return reportAndPublish(outcome) }
    var status = ExitStatus.cannotCreate
    host.watch(begin + options.runLimit, { lateWrite(options.output, "written", $0, host).rawValue }) {
      status = reportAndPublish(outcome)
    }
    return status
  }

  private func reportAndPublish(_ outcome: Outcome) -> ExitStatus {
    report(outcome, host, options)
    guard publish(outcome) else { return .cannotCreate }
    return outcome.failure == nil ? .success : .failure
  }

  /// Returns whether the output was written.
  private func publish(_ outcome: Outcome) -> Bool {
    if options.output == "-" { return write { writeExposition(outcome, options, to: $0) } }
    let content: ByteProducer = { write in
      if options.saysOnlyChanges { write(Statements(of: outcome, options).comments) }
      writeExposition(outcome, options, to: write)
    }
    do throws(PublishError) {
      let published = try host.publish(options.output, content, outcome.report.started)
      if published == .newerFileKept, options.verbosity == .verbose {
        diagnose("a run that started later has already published, so its file is kept", host)
      }
      return true
    } catch {
      diagnose("error: " + error.sentence(output: options.output), host)
      return false
    }
  }

  /// Writes the output to standard output. Returns whether all of it was written.
  private func write(_ content: ByteProducer) -> Bool {
    var isWritten = true
    content { isWritten = isWritten && host.write(.standardOutput, $0) }
    if !isWritten { diagnose("error: standard output cannot be written", host) }
    return isWritten
  }
}
