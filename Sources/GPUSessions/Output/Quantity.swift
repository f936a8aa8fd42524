/// Numbers with their units, as a person reads them. A `-` stands for a number that is not known.
enum Quantity {
  /// Used and total memory: `15.9/79.6 GiB`.
  static func memory(used: UInt64?, total: UInt64?) -> String {
    guard used != nil || total != nil else { return "-" }
    return "\(used.map(gibibytes) ?? "-")/\(total.map(gibibytes) ?? "-") GiB"
  }

  /// An amount of memory: `2.2 GiB`, or `640 MiB` if it is less than 1 GiB.
  static func memory(_ bytes: UInt64?) -> String {
    guard let bytes else { return "-" }
    return bytes < 1 << 30 ? "\(bytes >> 20) MiB" : gibibytes(bytes) + " GiB"
  }

  /// A share in percent, at most 100: `88 %`.
  static func percent(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    return "\(Int(min(max(value, 0), 100).rounded())) %"
  }

  /// A time span in its two largest units: `5d3h`, `3h20m`, `12m5s`, `9s`.
  static func age(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "-" }
    let whole = Int(seconds)
    if whole >= 86_400 { return "\(whole / 86_400)d\(whole % 86_400 / 3_600)h" }
    if whole >= 3_600 { return "\(whole / 3_600)h\(whole % 3_600 / 60)m" }
    return whole >= 60 ? "\(whole / 60)m\(whole % 60)s" : "\(whole)s"
  }

  /// A time span in seconds: `0.1 s`.
  static func seconds(_ span: Nanoseconds) -> String {
    let tenths = max(0, span) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }

  /// The time of day of a moment, given in nanoseconds since 1970: `09:05:31 UTC`.
  static func time(_ moment: Nanoseconds) -> String {
    let second = max(0, moment) / .perSecond % 86_400
    let parts = [second / 3_600, second % 3_600 / 60, second % 60]
    return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":") + " UTC"
  }

  /// A moment, given in seconds since 1970: `2026-03-01 09:05 UTC`. Moments before 1970 and after 9999 become the nearest
  /// of those between.
  static func date(_ seconds: Int64) -> String {
    let second = min(max(seconds, 0), 253_402_300_799)
    // Howard Hinnant's `civil_from_days`: years begin in March, so that a leap day is the last day of its year, and an era
    // has 400 years.
    // https://howardhinnant.github.io/date_algorithms.html
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

  /// How full a memory is, as a bar of ten tenths: `[██████░░░░]`.
  ///
  /// The bar is empty below 1 % and full from 99.5 % on; without numbers it is blank.
  static func bar(used: UInt64?, total: UInt64?) -> String {
    guard let used, let total, total > 0 else { return "[" + String(repeating: " ", count: 10) + "]" }
    let share = min(1, Double(used) / Double(total))
    var filled = Int((share * 10).rounded())
    // The driver holds some MiB on a device that nobody uses, which must not look like use.
    if share >= 0.01 { filled = max(filled, 1) }
    if share < 0.995 { filled = min(filled, 9) }
    return "[" + String(repeating: "█", count: filled) + String(repeating: "░", count: 10 - filled) + "]"
  }

  /// A number of GiB, rounded to one digit after the point.
  private static func gibibytes(_ bytes: UInt64) -> String {
    let tenths = UInt64((Double(bytes) / 1_073_741_824 * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
