import GPUSessions
import Glibc

extension Nanoseconds {
  static let perSecond: Nanoseconds = 1_000_000_000
  static let perMillisecond: Nanoseconds = 1_000_000

  /// The same span or moment as the kernel has it.
  ///
  /// Far moments (a file dated after 2262) become the nearest number of nanoseconds there is.
  init(_ time: timespec) {
    let seconds = Int64(time.tv_sec)
    let (whole, isTooFar) = seconds.multipliedReportingOverflow(by: .perSecond)
    let (sum, isTooFarByFraction) = whole.addingReportingOverflow(Int64(time.tv_nsec))
    if isTooFar || isTooFarByFraction {
      self = seconds < 0 ? .min : .max
    } else {
      self = sum
    }
  }

  /// The same span or moment for the kernel; the fraction is never negative.
  var timespec: timespec {
    var (seconds, fraction) = quotientAndRemainder(dividingBy: .perSecond)
    if fraction < 0 {
      seconds -= 1
      fraction += .perSecond
    }
    return Glibc.timespec(tv_sec: Int(seconds), tv_nsec: Int(fraction))
  }
}

/// The present moment of a clock in nanoseconds, by `clock_gettime(2)`; 0 if there is no such clock.
func readClock(_ clock: clockid_t) -> Nanoseconds {
  var time = timespec()
  guard clock_gettime(clock, &time) == 0 else { return 0 }
  return Nanoseconds(time)
}

/// Nanoseconds since boot, time asleep included (`CLOCK_BOOTTIME`).
func bootClock() -> Nanoseconds { readClock(CLOCK_BOOTTIME) }

/// Nanoseconds since 1970 (`CLOCK_REALTIME`).
func wallClock() -> Nanoseconds { readClock(CLOCK_REALTIME) }

/// Waits about `span` nanoseconds by `ppoll(2)`; less if a signal arrives.
func pause(_ span: Nanoseconds) {
  var timeout = span.timespec
  ppoll(nil, 0, &timeout, nil)
}
