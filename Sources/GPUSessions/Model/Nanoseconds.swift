/// A duration, or a moment of a clock, in nanoseconds. The clock is stated where a moment is used.
package typealias Nanoseconds = Int64

extension Nanoseconds {
  package static let perSecond: Nanoseconds = 1_000_000_000
  package static let perMillisecond: Nanoseconds = 1_000_000

  /// The duration in seconds, cut to whole microseconds.
  package var inSeconds: Double { Double(self / 1000) / 1_000_000 }
}
