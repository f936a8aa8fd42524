/// A duration, or a moment of a clock, in nanoseconds. The clock is stated where a moment is used.
package typealias Nanoseconds = Int64
