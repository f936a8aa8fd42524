/// The command `collect`: collections and their publication.
struct Collect {
  let host: Host
  let options: Options

  /// The last run's exit status.
  func run() -> ExitStatus {
    Schedule(host: host, options: options).run(collectAndPublish)
  }

  /// One collection and its publication; `nil` if it was cut short by SIGTERM, with the previous file in place.
  private func collectAndPublish() -> ExitStatus? {
    let snapshot = Collector.collect(host, options)
    if snapshot.failure == .terminated || (snapshot.failure != nil && host.isTerminated()) {
      diagnose("error: " + CollectionFailure.terminated.sentence, host)
      return nil
    }
    report(snapshot, host, options)
    guard publish(snapshot) else { return .cannotCreate }
    return snapshot.failure == nil ? .success : .failure
  }

  private func publish(_ snapshot: Snapshot) -> Bool {
    let contents: ByteProducer = { writeExposition(snapshot, options, to: $0) }
    if options.output == "-" { return write(contents) }
    do throws(PublishError) {
      let published = try host.publish(options.output, contents, snapshot.started)
      if published == .newerFileKept, options.verbosity == .verbose {
        diagnose("a run that started later has published already; its file stays", host)
      }
      return true
    } catch {
      diagnose("error: " + error.sentence(output: options.output), host)
      return false
    }
  }

  private func write(_ contents: ByteProducer) -> Bool {
    var isWritten = true
    contents { isWritten = isWritten && host.write(.standardOutput, $0) }
    if !isWritten { diagnose("error: standard output cannot be written", host) }
    return isWritten
  }
}
