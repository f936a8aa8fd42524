extension Check {
  /// By how many seconds the published file may be ahead of the clock before the clock counts as wrong.
  static let clockTolerance = 60.0

  /// 2025-01-01 in seconds since 1970. A clock that says less was never set.
  private static let earliest: Int64 = 1_735_689_600

  /// Whether the clock is set, and not behind the time in the published file.
  static func clock(_ context: CheckContext) -> Finding {
    let now = context.host.wallClock() / Nanoseconds.perSecond
    if now < earliest { return .fail("the clock says \(Quantity.date(now))", "sudo timedatectl set-ntp true") }
    if case .whole(let file) = context.published, let lastRun = file.lastRunSeconds,
      lastRun - Double(now) > clockTolerance
    {
      return .fail(
        "the published file is \(Quantity.age(lastRun - Double(now))) ahead of the clock",
        "sudo timedatectl set-ntp true")
    }
    return .pass(Quantity.date(now))
  }
}
