/// Runs a function once, or with `--interval` at every tick until `--for` has passed or SIGTERM or SIGINT arrives.
struct Schedule {
  let host: Host
  let options: Options

  /// Returns the last exit status of `body`. It returns `nil` for a run that a signal ended early; a schedule without any
  /// complete run has failed.
  ///
  /// `sleep` waits for the next tick, and returns `true` if there is to be none; `nil` for ``Host/sleep``.
  func run(sleep: ((Nanoseconds) -> Bool)? = nil, _ body: () -> ExitStatus?) -> ExitStatus {
    guard let interval = options.interval else { return body() ?? .failure }
    let begin = host.now()
    let end = options.duration.map { begin + $0 }
    var status: ExitStatus?
    var tick = begin
    repeat {
      status = body() ?? status
      // Ticks that have passed during a long run are skipped.
      tick += interval * max(1, (host.now() - tick) / interval + 1)
      if let end, tick >= end { break }
    } while !host.isTerminated() && !(sleep ?? host.sleep)(tick)
    return status ?? .failure
  }
}
