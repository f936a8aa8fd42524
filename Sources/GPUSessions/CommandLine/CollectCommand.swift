/// The command `collect`: collects and publishes, once or at intervals.
struct CollectCommand {
  let host: Host
  let options: Options

  /// Returns the exit status of the last run.
  func run() -> ExitStatus {
    Schedule(host: host, options: options).run(collectAndPublish)
  }

  /// Collects and publishes once. Returns `nil` if SIGTERM or SIGINT arrived meanwhile; then the previous file stays.
  private func collectAndPublish() -> ExitStatus? {
    let outcome = Pipeline(host: host, options: options).run()
    if let failure = outcome.failure, failure == .terminated || host.isTerminated() {
      diagnose("error: " + CollectionFailure.terminated.sentence, host)
      return nil
    }
    report(outcome, host, options)
    guard publish(outcome) else { return .cannotCreate }
    return outcome.failure == nil ? .success : .failure
  }

  /// Returns whether the output was written.
  private func publish(_ outcome: Outcome) -> Bool {
    let content: ByteProducer = { writeExposition(outcome, options, to: $0) }
    if options.output == "-" { return write(content) }
    do throws(PublishError) {
      let published = try host.publish(options.output, content, outcome.report.started)
      if published == .newerFileKept, options.verbosity == .verbose {
        diagnose("a run that started later has published already; its file stays", host)
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
