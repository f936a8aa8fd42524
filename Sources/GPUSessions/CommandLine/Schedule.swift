/// Does something once, or on every tick of `--interval` until `--for` has passed or SIGTERM arrives.
struct Schedule {
  let host: Host
  let options: Options

  /// The last exit status that `body` gave; `nil` from it is a run that SIGTERM cut short.
  func run(_ body: () -> ExitStatus?) -> ExitStatus {
    guard let interval = options.interval else { return body() ?? .failure }
    let begin = host.now()
    let end = options.duration.map { begin + $0 }
    var status: ExitStatus?
    var tick = begin
    repeat {
      status = body() ?? status
      // Missed ticks are skipped: the next one is the first that lies ahead.
      tick += interval * max(1, (host.now() - tick) / interval + 1)
      if let end, tick >= end { break }
    } while !host.isTerminated() && !host.sleep(tick)
    return status ?? .failure
  }
}
