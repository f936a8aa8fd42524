extension Check {
  /// How far a clock may run after the one that wrote the file, in seconds.
  static let clockTolerance = 60.0

  /// A clock before this was never set: 2025-01-01, seconds since 1970.
  private static let earliest: Int64 = 1_735_689_600

  static func clock(_ context: inout CheckContext) -> Finding {
    let now = context.host.wallClock() / Options.second
    if now < earliest { return .fail("it says \(Quantity.date(now))", "sudo timedatectl set-ntp true") }
    if case .whole(let file) = context.published, let lastRun = file.lastRunSeconds,
      lastRun - Double(now) > clockTolerance
    {
      return .fail(
        "the published file is \(Quantity.age(lastRun - Double(now))) ahead of it", "sudo timedatectl set-ntp true")
    }
    return .pass(Quantity.date(now))
  }
}
