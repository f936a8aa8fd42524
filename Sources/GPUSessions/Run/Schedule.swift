/// Collects once, or on every tick of `--interval` until `--for` has passed or SIGTERM arrives.
struct Schedule {
  let host: Host
  let options: Options

  /// The last run's exit status.
  func run() -> ExitStatus {
    guard let interval = options.interval else { return collectAndPublish() ?? .noDevice }
    let begin = host.now()
    let end = options.duration.map { begin + $0 }
    var status: ExitStatus?
    var tick = begin
    repeat {
      status = collectAndPublish() ?? status
      // Missed ticks are skipped: the next one is the first that lies ahead.
      tick += interval * max(1, (host.now() - tick) / interval + 1)
      if let end, tick >= end { break }
    } while !host.isTerminated() && !host.sleep(tick)
    return status ?? .noDevice
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

extension PublishError {
  /// One sentence: what could not be written, why, and what helps.
  fileprivate func sentence(output: String) -> String {
    let reason = reasons[errno] ?? "errno \(errno)"
    return switch step {
    case .openDirectory: "\(output) cannot be written: directory \(path): \(reason)" + advice
    case .lock where errno == 0: "\(output) cannot be written: another run has held the lock on \(path) for 5 s"
    case .lock: "\(output) cannot be written: directory \(path) cannot be locked: \(reason)"
    case .clear, .create, .write, .sync, .rename: "\(output) cannot be written: \(reason)" + advice
    }
  }

  private var advice: String {
    switch (step, errno) {
    case (.openDirectory, 2): " (try: sudo mkdir -p \(path))"
    case (_, 13), (_, 1): " (run as root, or give --output)"
    default: ""
    }
  }
}

/// Linux errno values in the words of `strerror`.
private let reasons: [Int32: String] = [
  1: "operation not permitted", 2: "no such file or directory", 5: "input/output error",
  13: "permission denied", 17: "file exists", 20: "not a directory", 21: "is a directory",
  27: "file too large", 28: "no space left on device", 30: "read-only file system", 36: "file name too long",
  39: "directory not empty", 40: "too many levels of symbolic links", 122: "disk quota exceeded",
]
