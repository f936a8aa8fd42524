import GPUSessions
import Glibc

extension Nanoseconds {
  /// Converts from the kernel's representation.
  ///
  /// A time beyond the range, such as that of a file dated after 2262, becomes the nearest value within it.
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

  /// The kernel's representation. As it requires, the fraction is never negative.
  var timespec: timespec {
    var (seconds, fraction) = quotientAndRemainder(dividingBy: .perSecond)
    if fraction < 0 {
      seconds -= 1
      fraction += .perSecond
    }
    return Glibc.timespec(tv_sec: Int(seconds), tv_nsec: Int(fraction))
  }
}

/// Returns the present time of a clock, by `clock_gettime(2)`; 0 if the kernel does not have the clock.
func readClock(_ clock: clockid_t) -> Nanoseconds {
  var time = timespec()
  guard clock_gettime(clock, &time) == 0 else { return 0 }
  return Nanoseconds(time)
}

/// Returns the time since boot, including suspend (`CLOCK_BOOTTIME`).
func bootClock() -> Nanoseconds { readClock(CLOCK_BOOTTIME) }

/// Returns the time since 1970 (`CLOCK_REALTIME`).
func wallClock() -> Nanoseconds { readClock(CLOCK_REALTIME) }

/// Waits for the duration, by `ppoll(2)`; for less if a signal arrives.
func pause(_ duration: Nanoseconds) {
  var timeout = duration.timespec
  ppoll(nil, 0, &timeout, nil)
}
