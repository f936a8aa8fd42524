/// Numbers as a person reads them.
enum Quantity {
  /// `15.9/79.6 GiB`; `-` for what is not known.
  static func memory(used: UInt64?, total: UInt64?) -> String {
    guard used != nil || total != nil else { return "-" }
    return "\(used.map(gibibytes) ?? "-")/\(total.map(gibibytes) ?? "-") GiB"
  }

  /// `2.2 GiB`, below one of them `640 MiB`.
  static func memory(_ bytes: UInt64?) -> String {
    guard let bytes else { return "-" }
    return bytes < 1 << 30 ? "\(bytes >> 20) MiB" : gibibytes(bytes) + " GiB"
  }

  /// `88 %`.
  static func percent(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    return "\(Int(min(max(value, 0), 100).rounded())) %"
  }

  /// The two largest units of a span: `5d3h`, `3h20m`, `12m5s`, `9s`.
  static func age(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "-" }
    let whole = Int(seconds)
    if whole >= 86_400 { return "\(whole / 86_400)d\(whole % 86_400 / 3_600)h" }
    if whole >= 3_600 { return "\(whole / 3_600)h\(whole % 3_600 / 60)m" }
    return whole >= 60 ? "\(whole / 60)m\(whole % 60)s" : "\(whole)s"
  }

  /// `0.1 s`, from nanoseconds.
  static func seconds(_ span: Nanoseconds) -> String {
    let tenths = max(0, span) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }

  /// `2026-03-01 09:05 UTC`, from seconds since 1970, by the calendar that counts on from before it was made.
  static func date(_ seconds: Int64) -> String {
    let second = min(max(seconds, 0), 253_402_300_799)
    // Howard Hinnant's days algorithm: years begin in March, eras of 400 years.
    let day = second / 86_400 + 719_468
    let (era, ofEra) = (day / 146_097, day % 146_097)
    let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let (inYear, number) = (month < 10 ? month + 3 : month - 9, ofYear - (153 * month + 2) / 5 + 1)
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = "\(year + era * 400 + (inYear <= 2 ? 1 : 0))-\(two(inYear))-\(two(number))"
    return "\(date) \(two(second % 86_400 / 3_600)):\(two(second % 3_600 / 60)) UTC"
  }

  /// `[██████░░░░]`: how full it is, in tenths; full only if it is, and never empty while something is there.
  static func bar(used: UInt64?, total: UInt64?) -> String {
    guard let used, let total, total > 0 else { return "[" + String(repeating: " ", count: 10) + "]" }
    let share = min(1, Double(used) / Double(total))
    var filled = Int((share * 10).rounded())
    // The driver's own few MiB are no use of the device.
    if share >= 0.01 { filled = max(filled, 1) }
    if share < 0.995 { filled = min(filled, 9) }
    return "[" + String(repeating: "█", count: filled) + String(repeating: "░", count: 10 - filled) + "]"
  }

  /// Rounded to one digit after the point.
  private static func gibibytes(_ bytes: UInt64) -> String {
    let tenths = UInt64((Double(bytes) / 1_073_741_824 * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
