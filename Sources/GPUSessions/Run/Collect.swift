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
    return snapshot.failure == nil ? .success : .noDevice
  }

  private func publish(_ snapshot: Snapshot) -> Bool {
    let contents = exposition(snapshot, options)
    if options.output == "-" {
      if host.write(.standardOutput, contents) { return true }
      diagnose("error: standard output cannot be written", host)
      return false
    }
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
}
